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

# clang-tidy on the tracked units, as many at once as there are processors. Its build folder has no precompiled header: that
# of GCC means nothing to clang.
lintTidy() {
  local folder=build/lint
  if [[ ! -f $folder/compile_commands.json ]] || [[ -n $(find . -name CMakeLists.txt -newer $folder/compile_commands.json \
    -not -path './build/*' -not -path './web/*' -print -quit) ]]; then
    mkdir -p $folder
    cmake --preset release -B $folder -DTESTARENA_PRECOMPILED_HEADERS=OFF -Wno-dev >$folder/configure.log
  fi
  trackedFiles "$@" | grep -E '\.(c|cpp)$' | sed "s|^|$root/|" | LC_ALL=C sort >$folder/tracked || true
  sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' $folder/compile_commands.json | LC_ALL=C sort -u |
    comm -12 - $folder/tracked | xargs -r -n 1 -P "$(jobs)" .dev/tidy_unit.sh $folder
}
