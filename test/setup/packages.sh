#!/bin/sh
# Puts the packages of packages.txt into DIR, for each CPython 3.9 to 3.15 that the tests may find, with the pip of PIP.
#   packages.sh DIR PIP            -> DIR/3.12/site-packages and so on, two versions at a time
#   packages.sh DIR PIP VERSION    -> for one version alone
# Says what it could not bring; the tests then skip what needs it. Does nothing when it is all there.
set -u
here=$(cd "$(dirname "$0")" && pwd)

if [ $# = 2 ]; then
  printf '%s\n' 3.9 3.10 3.11 3.12 3.13 3.14 3.15 | xargs -P 2 -n 1 sh "$0" "$1" "$2"
  exit
fi

pip=$2 version=$3 into=$1/$3
if [ -f "$into/.done" ] && cmp -s "$here/packages.txt" "$into/.done"; then exit 0; fi

# Modules are compiled when a test imports them: pip would do it for the Python that it runs in.
bring() {
  "$pip" install --quiet --disable-pip-version-check --no-warn-script-location --only-binary=:all: --no-compile \
    --python-version "$version" --target "$into/site-packages" --upgrade "$@" >>"$into/pip.log" 2>&1
}

afresh() { rm -rf "$into" && mkdir -p "$into"; }

missing=
afresh
if ! bring --requirement "$here/packages.txt"; then
  # One by one: not every package has a build for every version.
  afresh
  while read -r package; do
    bring "$package" || missing="$missing $package"
  done <"$here/packages.txt"
fi
cp "$here/packages.txt" "$into/.done"
[ -z "$missing" ] || echo "packages that no build was found for on $version:$missing"
