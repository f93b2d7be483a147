#!/bin/sh
# Puts CPython 3.13, 3.14 and 3.15 (Debian's own builds, with headers) into DIR, from Debian's next release.
#   pythons.sh DIR      -> DIR/bin/python3.13, python3.14, python3.15 (wrappers that run anywhere on this machine)
# Needs root and Debian's packages on x86-64. About a minute, 0.8 GB. Does nothing when called again.
set -eu
[ ! -f "$1/.done" ] || exit 0
mkdir -p "$1/bin"
dir=$(cd "$1" && pwd)
root=$dir/root
log=$dir/install.log
suite=forky
mirror=$(grep -rhoE '[a-z]+://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -1 | tr -d ' ')
# An older debootstrap does not know the name of the next release yet.
[ -e "/usr/share/debootstrap/scripts/$suite" ] || ln -s sid "/usr/share/debootstrap/scripts/$suite"
# The machine's keyring is older than that release; its packages only run tests.
rm -rf "$root"
debootstrap --variant=minbase --no-check-gpg "$suite" "$root" "$mirror" >"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
cp /etc/resolv.conf "$root/etc/"
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || :
{
  chroot "$root" apt-get update
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y --no-install-recommends \
    python3.13 python3.13-dev python3.14 python3.14-dev python3.15 python3.15-dev
} >>"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
for version in 3.13 3.14 3.15; do
  cat >"$dir/bin/python$version" <<END
#!/bin/sh
PYTHONHOME=$root/usr exec $root/lib64/ld-linux-x86-64.so.2 --argv0 "\$0" \\
  --library-path $root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu $root/usr/bin/python$version "\$@"
END
  chmod +x "$dir/bin/python$version"
  "$dir/bin/python$version" -c 'import sys; print(sys.executable, sys.version.split()[0])'
done
touch "$dir/.done"
