#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Durable submissions of 64 clients through the whole server, beside one SQLite transaction for each on the same disk. Both
# have synchronous=FULL: what was acknowledged survives a power cut. Once on this machine's disk, which may confirm at once
# what it has not kept, and once with 2 ms more for every sync (slow_sync.c), as disks take that keep their word.
set -euo pipefail
# shellcheck source=tests/bench/support.sh
. "$(dirname "$0")/support.sh"
begin "${1:-build/release}"

startServer
cat >"$folder/submit.lua" <<'LUA'
wrk.method = "POST"
wrk.path = "/api/v1/jobs"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"environment":"bench","branch":"main","scenarios":["pass"]}'
LUA
submit pass >/dev/null # the branch is known from now on

# measure WHERE: both in turns, three times.
measure() {
  local ours=0 anchor=0
  for _ in 1 2 3; do
    anchor=$(best "$anchor" "$("$build/bench/sqlite_transactions" "$folder/anchor.db" 64 "${BENCH_SECONDS:-5}")")
    ours=$(best "$ours" "$(requestsPerSecond "http://$serverAddress/" -s "$folder/submit.lua" -H "Authorization: Bearer $serverToken")")
  done
  printf '%-44s %12.0f transactions/s\n' "SQLite, one transaction each, $1" "$anchor"
  figure "submissions, 64 clients, $1" "$ours" jobs/s "$anchor" 8
}
measure 'this disk'
stop "$serverProcess"
export LD_PRELOAD=$build/bench/slow_sync.so SLOW_SYNC_US=2000
launchServer
measure 'sync of 2 ms'
