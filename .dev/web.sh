# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The web pages: packages from the registry, then a bundle, each only when its sources changed.

# contentDigest FOLDER: one word for everything in it that is not made from the rest.
contentDigest() {
  find "$1" \( -name node_modules -o -path web/dist \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
}

# installNodePackages FOLDER: `npm ci`, when its lock file or the Node.js changed since the last time.
installNodePackages() {
  local folder=$1 stamp=$1/node_modules/.dev-stamp wanted
  wanted="$(node --version) $(sha256sum <"$folder/package-lock.json")"
  [[ ! -f $stamp || $(<"$stamp") != "$wanted" ]] || return 0
  say "Installing the packages of $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error </dev/null >&2)
  printf '%s\n' "$wanted" >"$stamp"
}

# buildWeb PRESET: pages in build/PRESET/web, where the server finds them beside its own folder.
buildWeb() {
  local pages=build/$1/web stamp=build/$1/web.stamp wanted
  wanted=$(contentDigest web)
  [[ ! -d $pages || ! -f $stamp || $(<"$stamp") != "$wanted" ]] || return 0
  installNodePackages web
  say "Building the web pages"
  (cd web && npm run --silent build </dev/null >&2)
  rm -rf "$pages.new" "$pages.old"
  cp -R web/dist "$pages.new"
  [[ ! -d $pages ]] || mv "$pages" "$pages.old"
  mv "$pages.new" "$pages"
  rm -rf "$pages.old"
  printf '%s\n' "$wanted" >"$stamp"
}
