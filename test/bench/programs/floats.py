"""Floats: planets pull at each other."""

import math

SIZE = 75000


class Body:
    __slots__ = ("x", "y", "z", "vx", "vy", "vz", "mass")

    def __init__(self, distance, angle, speed, mass):
        self.x = distance * math.cos(angle)
        self.y = distance * math.sin(angle)
        self.z = distance * 0.01
        self.vx = -speed * math.sin(angle)
        self.vy = speed * math.cos(angle)
        self.vz = 0.0
        self.mass = mass


def pull(bodies, dt):
    for index, one in enumerate(bodies):
        for other in bodies[index + 1 :]:
            dx = one.x - other.x
            dy = one.y - other.y
            dz = one.z - other.z
            square = dx * dx + dy * dy + dz * dz
            strength = dt / (square * math.sqrt(square))
            here = one.mass * strength
            there = other.mass * strength
            one.vx -= dx * there
            one.vy -= dy * there
            one.vz -= dz * there
            other.vx += dx * here
            other.vy += dy * here
            other.vz += dz * here


def move(bodies, dt):
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def energy(bodies):
    total = 0.0
    for index, one in enumerate(bodies):
        speed = one.vx * one.vx + one.vy * one.vy + one.vz * one.vz
        total += 0.5 * one.mass * speed
        for other in bodies[index + 1 :]:
            distance = math.dist((one.x, one.y, one.z), (other.x, other.y, other.z))
            total -= one.mass * other.mass / distance
    return total


def main(size):
    bodies = [Body(0.001, 0.0, 0.0, 40.0)]
    for number in range(1, 5):
        bodies.append(Body(number * 3.0, number * 1.3, 3.6 / number, 0.01 * number))
    for _ in range(size):
        pull(bodies, 0.001)
        move(bodies, 0.001)
    return round(energy(bodies), 9)
