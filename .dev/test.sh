# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# ./dev test: every stage runs whatever became of the one before, and one line sums them all up.

testTable=() # one line per stage: name, passed, failed, seconds
testRegex='' # what the tests to run are named like; empty: all

devTest() {
  (($# < 2)) || usageError "test takes one regular expression"
  testRegex=${1:-}
  export CI=true
  export GTEST_BRIEF=${GTEST_BRIEF-1} # of a suite, what failed and the summary
  export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
  export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
  export TSAN_OPTIONS=${TSAN_OPTIONS:-second_deadlock_stack=1}
  mkdir -p build/test

  stage packages needPackages build web test
  if chosen web; then stage web testWeb; fi
  stage asan testSuites asan ''
  stage tsan testSuites tsan threaded
  if chosen browser; then
    stage programs buildWhatUsersRun
    stage browser testBrowser
  fi
  summarize
}

# Does the regular expression name this stage? Without one, every stage is meant.
chosen() { [[ -z $testRegex || $1 =~ ^($testRegex)$ ]]; }

# stage NAME COMMAND...: the command writes "PASSED FAILED" into build/test/NAME.count. Its exit status counts as well: a
# stage that broke before it could count is one failure, never nothing.
stage() {
  local name=$1 counts=build/test/$1.count passed=0 failed=0 status=0 begin=$SECONDS
  shift
  say "stage $name"
  rm -f "$counts"
  set +e # with `||` or `if` instead, bash would not stop the command at its first error
  (
    set -e
    "$@"
  ) </dev/null
  status=$?
  set -e
  [[ ! -f $counts ]] || read -r passed failed <"$counts"
  if ((status != 0 && failed == 0)); then
    failed=1
    say "stage $name did not come to its end (exit status $status)"
  fi
  testTable+=("$name $passed $failed $((SECONDS - begin))")
}

summarize() {
  local row passed=0 failed=0 fields
  printf '\n%-10s %8s %8s %9s\n' stage passed failed seconds
  for row in "${testTable[@]}"; do
    read -r -a fields <<<"$row"
    printf '%-10s %8d %8d %9d\n' "${fields[@]}"
    passed=$((passed + fields[1]))
    failed=$((failed + fields[2]))
  done
  if ((passed + failed == 0)); then
    printf '\nNo test is named like %s.\n' "$testRegex"
    failed=1
  fi
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}

# testSuites PRESET LABEL: the C++ suites; with a label, only those that carry it.
testSuites() {
  local preset=$1 label=$2 log=build/test/$1.log status=0 targets=all filter=() isolated=()
  [[ -z $label ]] || filter+=(-L "^$label\$")
  configure "$preset"
  if ! chosen "$preset"; then
    filter+=(-R "$testRegex")
    ctest --test-dir "build/$preset" -N "${filter[@]}" | grep -q '^ *Test *#' || return 0
    targets="host/all plugins/all $(namedTargets "$preset" "${filter[@]}")"
  elif [[ -n $label ]]; then
    targets="plugins/all ${label}_tests" # suites load plugins
  fi
  # A suite that cannot be built is one that ctest does not find, and counts as failed; the others run.
  # shellcheck disable=SC2086 # a list of words
  buildAllThatCanBe "$preset" $targets || status=$?

  # ThreadSanitizer of GCC 12 cannot place its memory where newer kernels randomise addresses by more than 28 bits.
  if [[ $preset == tsan ]] && setarch -R true 2>/dev/null; then isolated=(setarch -R); fi
  "${isolated[@]}" ctest --test-dir "build/$preset" -j "$(jobs)" --output-on-failure --no-tests=error "${filter[@]}" 2>&1 |
    tee "$log" || status=$?
  sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests failed out of ([0-9]+)$/\2 \1/p' "$log" |
    { read -r all failed && echo "$((all - failed)) $failed" >"build/test/$preset.count"; }
  return "$status"
}

# The targets of the suites that ctest would choose; a suite that is no program of ours has none.
namedTargets() {
  local preset=$1 name
  shift
  ctest --test-dir "build/$preset" -N "$@" | sed -n 's/^ *Test *#[0-9]*: //p' | while read -r name; do
    ! grep -qF "build $name: phony" "build/$preset/build.ninja" || echo "$name"
  done
}

testWeb() {
  installNodePackages web
  npmTest web check
}

buildWhatUsersRun() {
  buildPrograms release
  buildWeb release
}

testBrowser() {
  installNodePackages web
  npmTest browser browser
}

# npmTest STAGE SCRIPT: a script of web/package.json that ends in the summary of node's own test runner.
npmTest() {
  local log=build/test/$1.log status=0
  npm --prefix web run --silent "$2" 2>&1 | tee "$log" || status=$?
  awk '$2 == "pass" { passed = $3 } $2 == "fail" || $2 == "cancelled" { failed += $3 }
       END { print passed + 0, failed + 0 }' "$log" >"build/test/$1.count"
  return "$status"
}
