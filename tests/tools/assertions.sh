# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the shell tests of this folder say: each expectation is one line, and `verdict` gives the exit status.

assertionsFailed=0
assertionsMade=0

expectationFailed() {
  printf 'FAILED: %s\n' "$@"
  assertionsFailed=$((assertionsFailed + 1))
}

# expectEqual WHAT EXPECTED FOUND
expectEqual() {
  assertionsMade=$((assertionsMade + 1))
  if [[ $2 == "$3" ]]; then
    echo "ok: $1"
  else
    expectationFailed "$1" "  expected: $2" "  found:    $3"
  fi
}

# expectMatch WHAT REGEX TEXT
expectMatch() {
  assertionsMade=$((assertionsMade + 1))
  if [[ $3 =~ $2 ]]; then
    echo "ok: $1"
  else
    expectationFailed "$1" "  expected something like: $2" "  found: $3"
  fi
}

# expectStatus WHAT STATUS COMMAND...: what the command prints is shown only when the expectation fails.
expectStatus() {
  local what=$1 expected=$2 status=0 output
  shift 2
  output=$("$@" 2>&1 </dev/null) || status=$?
  expectEqual "$what (exit status of: $*)" "$expected" "$status"
  [[ $status == "$expected" ]] || printf '%s\n' "$output" | tail -n 50
}

verdict() {
  echo "$assertionsMade expectations, $assertionsFailed failed"
  ((assertionsMade > 0 && assertionsFailed == 0))
  exit
}
