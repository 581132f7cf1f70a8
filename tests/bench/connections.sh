#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Many connections: 10,000 that are idle, 10,000 that watch one job, 5,000 that never finish their request's head.
set -euo pipefail
# shellcheck source=tests/bench/support.sh
. "$(dirname "$0")/support.sh"
begin "${1:-build/release}"
clients=$build/bench/http_clients
many=${BENCH_CONNECTIONS:-10000}
startServer
"$clients" crowd "$serverAddress" /livez 64 1 >/dev/null # every worker is there from now on

# crowd MODE...: http_clients in the background, once it is ready; its output is descriptor 4, its input 5.
crowd() {
  rm -f "$folder/input" "$folder/output"
  mkfifo "$folder/input" "$folder/output"
  "$clients" "$@" <"$folder/input" >"$folder/output" &
  crowdProcess=$!
  exec 5>"$folder/input" 4<"$folder/output"
  read -r word <&4
  [[ $word == ready ]]
}
disperse() {
  exec 5>&- 4<&-
  wait "$crowdProcess" || true
}

least() { awk -v a="$1" -v b="$2" 'BEGIN { print (b < a ? b : a) }'; }

# costs WHAT: of each of the crowd that is there, in memory and threads, over what memoryBefore and threadsBefore say.
costs() {
  local memory
  memory=$(awk -v kb=$(($(residentKilobytes "$serverProcess") - memoryBefore)) -v n="$many" 'BEGIN { print kb * 1024 / n }')
  atMost "memory per $1, $many of them" "$memory" bytes 1024
  atMost 'threads more' $(($(threads "$serverProcess") - threadsBefore)) threads 0
}

memoryBefore=$(residentKilobytes "$serverProcess") threadsBefore=$(threads "$serverProcess")
crowd hold "$serverAddress" "$many" 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n'
costs 'idle connection'
disperse

stop "$serverProcess"
launchServer
"$clients" crowd "$serverAddress" /livez 64 1 >/dev/null
memoryBefore=$(residentKilobytes "$serverProcess") threadsBefore=$(threads "$serverProcess")
ours=999999999 bare=999999999
for round in 1 2 3; do
  job=$(submit hang)
  crowd viewers "$serverAddress" "$many" "/api/v1/events?job=$job" "$serverToken"
  ((round > 1)) || costs viewer
  echo go >&5
  post "/api/v1/jobs/$job/abort" '' >/dev/null
  read -r spread <&4
  ours=$(least "$ours" "$spread")
  disperse

  rm -f "$folder/loop" "$folder/loop-input"
  mkfifo "$folder/loop-input"
  "$clients" send-loop "$folder/loop" 500 "$many" <"$folder/loop-input" >/dev/null &
  loopProcess=$!
  exec 6>"$folder/loop-input"
  waitFor 5 test -s "$folder/loop"
  crowd viewers "$(<"$folder/loop")" "$many" / ''
  echo go >&5
  echo go >&6
  read -r spread <&4
  bare=$(least "$bare" "$spread")
  disperse
  exec 6>&-
  wait "$loopProcess" || true
done
printf '%-44s %12.0f us\n' 'bare send loop, first viewer to last' "$bare"
awk -v ours="$ours" -v bare="$bare" 'BEGIN {
  printf "%-44s %12.0f us         %6.2fx  goal <= 1.3x  %s\n", "one event to all viewers, first to last", ours, ours / bare,
    ours <= 1.3 * bare ? "reached" : "missed" }'

usual=999999999 crowded=999999999 errors=0
for _ in 1 2 3; do
  read -r _ p99 _ < <("$clients" latency "$serverAddress" /livez 5000)
  usual=$(least "$usual" "$p99")
  crowd hold "$serverAddress" 5000 'GET / HTTP/1.1\r\nHost: loc'
  read -r _ p99 more < <("$clients" latency "$serverAddress" /livez 5000)
  crowded=$(least "$crowded" "$p99")
  errors=$((errors + more))
  disperse
done
printf '%-44s %12.0f us\n' 'p99 of a client, nobody else there' "$usual"
awk -v crowded="$crowded" -v usual="$usual" -v errors="$errors" 'BEGIN {
  printf "%-44s %12.0f us         %6.2fx  goal <= 3x  %s; %d errors\n", "p99 of a client, 5,000 half-sent heads", crowded,
    crowded / usual, crowded <= 3 * usual && errors == 0 ? "reached" : "missed", errors }'
