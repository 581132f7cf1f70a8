# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# ./dev format and ./dev lint. Only tracked files: what lies around in the checkout is nobody's business.

# git refuses a checkout of another owner unless it is told that this one is meant.
trackedFiles() { git -c "safe.directory=$root" ls-files -- "$@"; }

# What its first line calls a shell script; the files of .dev/ that `dev` reads are checked together with it.
trackedScripts() {
  local file line
  trackedFiles "$@" | while read -r file; do
    [[ -f $file && ! -L $file ]] && IFS= read -r line 2>/dev/null <"$file" || continue
    [[ $line != '#!/bin/bash' && $line != '#!/bin/sh' ]] || echo "$file"
  done
}

devFormat() {
  (($# == 0)) || usageError "format takes no arguments"
  needPackages build lint
  trackedFiles '*.h' '*.c' '*.cpp' | xargs -r clang-format -i
}

devLint() {
  local failed=() check
  local paths=()
  for path in "$@"; do paths+=("$(realpath --relative-to="$root" -m -- "$(fromCaller "$path")")"); done
  ((${#paths[@]})) || paths=(.)
  needPackages build web lint
  for check in lintFormat lintShell lintWeb lintTidy; do
    say "$check"
    "$check" "${paths[@]}" || failed+=("$check")
  done
  ((${#failed[@]} == 0)) || die 1 "lint failed: ${failed[*]}"
  say "lint: nothing to complain about"
}

lintFormat() { trackedFiles "$@" | grep -E '\.(h|c|cpp)$' | xargs -r clang-format --dry-run -Werror; }

lintShell() { trackedScripts "$@" | xargs -r shellcheck -x; }

lintWeb() {
  [[ " $* " == *" . "* || " $* " == *" web"* ]] || return 0
  installNodePackages web && (cd web && npm run --silent check)
}

# clang-tidy on the units of the release preset that are tracked, as many at once as there are processors.
lintTidy() {
  configure release
  trackedFiles "$@" | grep -E '\.(c|cpp)$' | sed "s|^|$root/|" | LC_ALL=C sort >build/release/tidy.tracked || true
  sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' build/release/compile_commands.json | LC_ALL=C sort -u |
    comm -12 - build/release/tidy.tracked | xargs -r -n 1 -P "$(jobs)" .dev/tidy_unit.sh build/release
}
