#!/bin/sh
# Puts the packages of packages.txt into DIR, for each CPython 3.9 to 3.15 that the tests may find, with the pip of PIP.
#   packages.sh DIR PIP      -> DIR/3.12/site-packages and so on
# Says what it could not bring; the tests then skip what needs it. Does nothing when it is all there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
missing=
for version in 3.9 3.10 3.11 3.12 3.13 3.14 3.15; do
  into=$1/$version
  if [ -f "$into/.done" ] && cmp -s "$here/packages.txt" "$into/.done"; then continue; fi
  rm -rf "$into"
  mkdir -p "$into"
  while read -r package; do
    # One by one: not every package has a build for every version.
    "$2" install --quiet --disable-pip-version-check --no-warn-script-location --only-binary=:all: \
      --python-version "$version" --target "$into/site-packages" --upgrade "$package" >>"$into/pip.log" 2>&1 ||
      missing="$missing $package ($version)"
  done <"$here/packages.txt"
  cp "$here/packages.txt" "$into/.done"
done
[ -z "$missing" ] || echo "packages that no build was found for:$missing"
