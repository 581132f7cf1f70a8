#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Many connections: 5,000 that never finish their request's head, 10,000 that are idle, 10,000 that watch one job.
set -euo pipefail
# shellcheck source=tests/bench/support.sh
. "$(dirname "$0")/support.sh"
begin "${1:-build/release}"
clients=$build/bench/http_clients
many=${BENCH_CONNECTIONS:-10000}
startServer

read -r _ usual _ < <("$clients" latency "$serverAddress" /livez 5000)

# crowd MODE...: http_clients as a coprocess whose `ready` is waited for; its output is descriptor 4, its input 5.
crowd() {
  coproc CROWD { exec "$clients" "$@"; }
  crowdProcess=$CROWD_PID
  exec 4<&"${CROWD[0]}" 5>&"${CROWD[1]}"
  read -r word <&4
  [[ $word == ready ]]
}
disperse() {
  exec 5>&- 4<&-
  wait "$crowdProcess" || true
}

# perConnection KILOBYTES BEFORE: bytes for each of them.
perConnection() { awk -v kb=$(($1 - $2)) -v n="$many" 'BEGIN { print kb * 1024 / n }'; }

crowd hold "$serverAddress" 5000 'GET / HTTP/1.1\r\nHost: loc'
read -r _ crowded errors < <("$clients" latency "$serverAddress" /livez 5000)
disperse
printf '%-44s %12.0f us\n' 'p99 of a client, nobody else there' "$usual"
awk -v crowded="$crowded" -v usual="$usual" -v errors="$errors" 'BEGIN {
  printf "%-44s %12.0f us         %6.2fx  goal <= 3x  %s; %d errors\n", "p99 of a client, 5,000 half-sent heads", crowded,
    crowded / usual, crowded <= 3 * usual && errors == 0 ? "reached" : "missed", errors }'

before=$(residentKilobytes "$serverProcess") threadsBefore=$(threads "$serverProcess")
crowd hold "$serverAddress" "$many"
atMost "memory per idle connection, $many of them" "$(perConnection "$(residentKilobytes "$serverProcess")" "$before")" bytes 1024
atMost 'threads more' $(($(threads "$serverProcess") - threadsBefore)) threads 0
disperse

before=$(residentKilobytes "$serverProcess")
ours=999999999 bare=999999999
least() { awk -v a="$1" -v b="$2" 'BEGIN { print (b < a ? b : a) }'; }
for round in 1 2 3; do
  job=$(submit hang)
  crowd viewers "$serverAddress" "$many" "/api/v1/events?job=$job" "$serverToken"
  ((round > 1)) || viewing=$(residentKilobytes "$serverProcess") threadsViewing=$(threads "$serverProcess")
  echo go >&5
  post "/api/v1/jobs/$job/abort" '' >/dev/null
  read -r spread <&4
  ours=$(least "$ours" "$spread")
  disperse

  rm -f "$folder/loop"
  coproc LOOP { exec "$clients" send-loop "$folder/loop" 500 "$many"; }
  exec 6>&"${LOOP[1]}"
  waitFor 5 test -s "$folder/loop"
  crowd viewers "$(<"$folder/loop")" "$many" / ''
  echo go >&5
  echo go >&6
  read -r spread <&4
  bare=$(least "$bare" "$spread")
  disperse
  exec 6>&-
done
atMost "memory per viewer, $many of them" "$(perConnection "$viewing" "$before")" bytes 1024
atMost 'threads more' $((threadsViewing - threadsBefore)) threads 0
printf '%-44s %12.0f us\n' 'bare send loop, first to last' "$bare"
awk -v ours="$ours" -v bare="$bare" 'BEGIN {
  printf "%-44s %12.0f us         %6.2fx  goal <= 1.3x  %s\n", "one event to all viewers, first to last", ours, ours / bare,
    ours <= 1.3 * bare ? "reached" : "missed" }'
