#!/bin/sh
# Puts CPython 3.13, 3.14 and 3.15 (Debian's own builds, with headers) into DIR, from Debian's next release.
#   pythons.sh DIR      -> DIR/bin/python3.13, python3.14, python3.15, which run on this machine
# Needs root and Debian's packages on x86-64. About a minute, 0.8 GB. Does nothing when called again.
set -eu
stamp=.done-2
[ ! -f "$1/$stamp" ] || exit 0
mkdir -p "$1/bin"
dir=$(cd "$1" && pwd -P)
root=$dir/root
log=$dir/install.log
suite=forky

packages() {
  mirror=$(grep -rhoE '[a-z]+://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -1 | tr -d ' ')
  # An older debootstrap does not know the name of the next release yet.
  [ -e "/usr/share/debootstrap/scripts/$suite" ] || ln -s sid "/usr/share/debootstrap/scripts/$suite"
  rm -rf "$root"
  # The machine's keyring is older than that release; its packages only run tests.
  debootstrap --variant=minbase --no-check-gpg "$suite" "$root" "$mirror"
  cp /etc/resolv.conf "$root/etc/"
  cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || :
  chroot "$root" apt-get update
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y --no-install-recommends \
    python3.13 python3.13-dev python3.14 python3.14-dev python3.15 python3.15-dev
}

if [ ! -f "$dir/.done" ]; then
  # In a shell of its own: within a condition, `set -e` would not end it at the first failure.
  (set -e; packages) >"$log" 2>&1 &
  wait $! || { tail -20 "$log" >&2; exit 1; }
  touch "$dir/.done"
fi

# The builds need that release's C library. What stands at an interpreter's own place is a script that brings it
# along, so that `sys.executable` can be run, too, and no environment variable is needed (-E and -I work).
for version in 3.13 3.14 3.15; do
  binary=$root/usr/bin/python$version
  cat >"$dir/wrapper.new" <<END
#!/bin/sh
exec $root/lib64/ld-linux-x86-64.so.2 --argv0 $binary \\
  --library-path $root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu $binary.real "\$@"
END
  chmod +x "$dir/wrapper.new"
  [ -f "$binary.real" ] || cp -p "$binary" "$binary.real"
  cp "$dir/wrapper.new" "$dir/wrapper.copy"
  chmod +x "$dir/wrapper.copy"
  mv "$dir/wrapper.new" "$dir/bin/python$version"
  mv "$dir/wrapper.copy" "$binary"
  "$dir/bin/python$version" -I -c 'import sys; print(sys.executable, sys.version.split()[0])'
done
touch "$dir/$stamp"
