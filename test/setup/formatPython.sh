#!/bin/sh
# Formats the Python side in place, with the pinned ruff.
set -eu
tools=${XDG_CACHE_HOME:-$HOME/.cache}/hindsight-test/venv
sh test/setup/pythonTools.sh "$tools"
"$tools/bin/ruff" check --fix-only --quiet --config pytracer/pyproject.toml pytracer test/pytracer || :
"$tools/bin/ruff" format --quiet --config pytracer/pyproject.toml pytracer test/pytracer
