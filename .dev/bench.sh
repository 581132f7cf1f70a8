# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# ./dev bench: the programs of build/release/bench and the scripts of tests/bench, by name.

benchNames() {
  local file
  for file in build/release/bench/* tests/bench/*.sh; do
    [[ -f $file && -x $file ]] || continue
    basename "$file" .sh
  done | sort -u
}

devBench() {
  local names=("$@") name failed=()
  needPackages build web bench
  buildTargets release all
  buildWeb release
  ((${#names[@]})) || mapfile -t names < <(benchNames)
  for name in "${names[@]}"; do
    benchNames | grep -qxF -- "$name" || usageError "there is no measurement '$name'; there are: $(benchNames | tr '\n' ' ')"
  done
  for name in "${names[@]}"; do
    say "bench $name"
    if [[ -x tests/bench/$name.sh ]]; then
      "tests/bench/$name.sh" build/release </dev/null || failed+=("$name")
    else
      "build/release/bench/$name" </dev/null || failed+=("$name")
    fi
  done
  ((${#failed[@]} == 0)) || die 1 "these measurements did not come to an end: ${failed[*]}"
}
