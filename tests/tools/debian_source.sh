#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# debian_source.sh PACKAGE FOLDER: the upstream source of a Debian package, unpacked into FOLDER; by apt and its signatures,
# from wherever this system gets its packages, without a change to the system's own lists. What was fetched is kept in
# ~/.cache/testarena for the next time.
set -euo pipefail
package=$1 folder=$2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/testarena/source/$package

if ! compgen -G "$cache/*.orig.tar.*" >/dev/null; then
  lists=$(mktemp -d)
  trap 'rm -rf "$lists"' EXIT
  chmod 755 "$lists"
  mkdir -p "$lists/parts" "$lists/state/partial" "$cache"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian*; do
    [[ ! -f $file ]] || sed -E 's/^deb /deb-src /; s/^Types: .*/Types: deb-src/' "$file" >"$lists/parts/$(basename "$file")"
  done
  [[ ! -f $lists/parts/sources.list ]] || mv "$lists/parts/sources.list" "$lists/parts/system.list"
  options=(-q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$lists/parts" -o "Dir::State::lists=$lists/state"
    -o Acquire::Retries=3 -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update >&2
  (cd "$cache" && apt-get "${options[@]}" source --download-only "$package" >&2)
fi

mkdir -p "$folder"
tar -xf "$(compgen -G "$cache/*.orig.tar.*" | grep -v '[.]asc$' | head -n 1)" -C "$folder" --strip-components=1
