# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# ./dev bench: the measurements of tests/bench, scripts and programs, by name.

benchNames() {
  local file
  for file in tests/bench/*.sh; do
    [[ ! -x $file ]] || basename "$file" .sh # support.sh is not executable
  done
  sed -n '/^testarena_bench([a-z0-9_]* TOOL/d; s/^testarena_bench(\([a-z0-9_]*\).*/\1/p' tests/bench/CMakeLists.txt
}

devBench() {
  local names=("$@") name failed=()
  for name in "${names[@]}"; do
    benchNames | grep -qxF -- "$name" ||
      usageError "there is no measurement '$name'; there are: $(benchNames | sort | tr '\n' ' ')"
  done
  ((${#names[@]})) || mapfile -t names < <(benchNames | sort)

  needPackages build web bench
  buildTargets release host/all plugins/all tests/bench/all
  buildWeb release
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
