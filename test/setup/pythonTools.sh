#!/bin/sh
# Puts the pinned ruff and mypy into a virtual environment DIR. Does nothing when they are already there.
#   pythonTools.sh DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
stamp=$1/.done
if [ -f "$stamp" ] && cmp -s "$here/requirements.txt" "$stamp"; then exit 0; fi
python=
for one in python3.13 python3.12 python3.11 python3.10 python3 "$HOME"/.pyenv/versions/3.1[0-9]*/bin/python3; do
  if "$one" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then python=$one; break; fi
done
[ -n "$python" ] || { echo "no Python from 3.10 on with the venv module: install python3-venv" >&2; exit 1; }
rm -rf "$1"
"$python" -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
cp "$here/requirements.txt" "$stamp"
