#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From the last act of a scenario's process on the local executor to the event that tells a browser of the run's end.
set -euo pipefail
# shellcheck source=tests/bench/support.sh
. "$(dirname "$0")/support.sh"
begin "${1:-build/release}"

makeRepository "$folder/repository" "[[scenarios]]
name = \"end\"
command = [\"sh\", \"-c\", \"sleep 0.3; date +%s%N >>$folder/ends\"]"
executorKeys=", repository = \"$folder/repository\""
startServer local_executor

rounds=${BENCH_ROUNDS:-100}
for ((round = 0; round < rounds; ++round)); do
  job=$(submit end)
  # The stream ends when the job is deleted.
  "$build/bench/http_clients" events "$serverAddress" "/api/v1/events?job=$job" "$serverToken" >"$folder/events" &
  viewer=$!
  waitFor 30 grep -q '"state": *"passed"' "$folder/events"
  sed -n '/"state": *"passed"/{s/ .*//p;q}' "$folder/events" >>"$folder/told"
  kill "$viewer"
  wait "$viewer" 2>/dev/null || true
done
paste "$folder/ends" "$folder/told" | awk '{ print ($2 - $1) / 1e6 }' | sort -n >"$folder/latencies"
printf '%-44s %12.1f ms\n' "end of a run to the event, median of $rounds" "$(sed -n "$(((rounds + 1) / 2))p" "$folder/latencies")"
atMost 'end of a run to the event, p99' "$(sed -n "$(((rounds * 99 + 99) / 100))p" "$folder/latencies")" ms 100
