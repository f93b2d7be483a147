"""The Python side of Hindsight: records a program without changing it."""
