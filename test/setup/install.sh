#!/bin/sh
# Brings what the tests need to this machine, and says what it leaves out.
#   install.sh          -> ${XDG_CACHE_HOME:-~/.cache}/hindsight-test
# On a Debian-like machine as root it installs Chromium, CPython 3.13 to 3.15 and a scriptable VS Code; elsewhere
# the tests use what is there. Does nothing when everything is there already.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hindsight-test
mkdir -p "$cache"

skip() { echo "skipped: $1"; }

# Two runs at the same time would fill the same folders.
if command -v flock >/dev/null && [ -z "${HINDSIGHT_SETUP_LOCKED:-}" ]; then
  HINDSIGHT_SETUP_LOCKED=1 exec flock "$cache/.lock" sh "$0" "$@"
fi

apt_works() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_updated=
apt_install() {
  apt_works || return 1
  [ -n "$apt_updated" ] || apt-get update -qq >"$cache/apt.log" 2>&1 || return 1
  apt_updated=yes
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$cache/apt.log" 2>&1
}

# Only the test:extension and test:ui suites need these two.
browser() {
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  apt_install chromium && return 0
  skip "Chromium (the suites in VS Code need one: install it as chromium)"
}

pythons() {
  [ ! -f "$cache/pythons/.done-2" ] || return 0
  if ! apt_works || [ "$(uname -m)" != x86_64 ] || ! grep -q '^ID=debian' /etc/os-release 2>/dev/null; then
    skip "CPython 3.13 to 3.15 (needs Debian on x86-64 and root): the tests use the interpreters found"
    return 0
  fi
  command -v debootstrap >/dev/null || apt_install debootstrap || { skip "CPython 3.13 to 3.15 (no debootstrap)"; return 0; }
  sh "$here/pythons.sh" "$cache/pythons" || skip "CPython 3.13 to 3.15 (see $cache/pythons/install.log)"
}

# The host compiles two small modules for its log files.
vscode_host() {
  [ -f "$here/../vscodeHost/install.sh" ] || { skip "VS Code host (not in this version)"; return 0; }
  sh "$here/../vscodeHost/install.sh" "$cache/vscode-host" || skip "VS Code host (see $cache/vscode-host/install.log)"
}

system_python() {
  command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null && return 0
  apt_install python3 python3-venv || skip "python3 with venv (install it: ruff and mypy run in one)"
}

system_python
sh "$here/pythonTools.sh" "$cache/venv"
# Downloads, which wait for each other's ends no longer than they must.
sh "$here/packages.sh" "$cache/packages" "$cache/venv/bin/pip" >"$cache/packages.log" 2>&1 &
packages=$!
browser
pythons
vscode_host
wait "$packages" || skip "packages of the tests (see $cache/packages.log)"
cat "$cache/packages.log"
echo "test tools are in $cache"
