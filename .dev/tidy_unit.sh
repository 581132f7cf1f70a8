#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tidy_unit.sh BUILD FILE: clang-tidy on one unit (ten seconds), unless it passed before with the same text, the same headers
# of ours, the same flags and the same settings.
set -euo pipefail
build=$1 file=$2

command=$(grep -B 1 -F "\"file\": \"$file\"" "$build/compile_commands.json" |
  sed -n '1 { s/^ *"command": "\(.*\)",$/\1/; s/\\\(.\)/\1/g; p }')
read -r -a headers < <(cd "$build" && eval "$command -MM -MF /dev/stdout" | tr -d '\\\n' | cut -d : -f 2-)
digest=$({
  printf '%s\n' "$command"
  clang-tidy --version
  cat .clang-tidy
  cd "$build" && sha256sum -- "${headers[@]}"
} | sha256sum | cut -d ' ' -f 1)

passed=$build/tidy/$digest
[[ ! -e $passed ]] || exit 0
if ! output=$(clang-tidy --quiet -p "$build" "$file" 2>&1); then
  grep -v 'warnings\{0,1\} generated\.$' <<<"$output"
  exit 1
fi
mkdir -p "$build/tidy"
touch "$passed"
