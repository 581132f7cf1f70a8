#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The page of 50 jobs of one user out of 1,000,000, from 64 connections, beside nginx serving the same bytes as a file. "Not
# cached": every request asks for another page. And what a start with so many jobs takes.
set -euo pipefail
# shellcheck source=tests/bench/support.sh
. "$(dirname "$0")/support.sh"
begin "${1:-build/release}"

mkdir "$serverData"
"$build/bench/make_jobs" "$serverData" "${BENCH_JOBS:-1000000}"
startServer
page='/api/v1/jobs?user=user-7&limit=50'
mkdir "$folder/files"
get "$page" >"$folder/files/page.json"
startNginx "$folder/files"
cat >"$folder/pages.lua" <<'LUA'
local number = 0
function setup(thread) number = number + 1; thread:set("seed", number) end
function init() math.randomseed(seed) end
function request()
  return wrk.format("GET", string.format("/api/v1/jobs?user=user-%d&limit=50&after=%d",
                                         1 + math.random(499), 100000 + math.random(900000)))
end
LUA

authorization="Authorization: Bearer $serverToken"
anchor=0 fresh=0 cached=0
for _ in 1 2 3; do
  anchor=$(best "$anchor" "$(requestsPerSecond "http://$nginxAddress/page.json")")
  fresh=$(best "$fresh" "$(requestsPerSecond "http://$serverAddress/" -s "$folder/pages.lua" -H "$authorization")")
  cached=$(best "$cached" "$(requestsPerSecond "http://$serverAddress$page" -H "$authorization")")
done
printf '%-44s %12.0f requests/s (%d bytes)\n' 'nginx, the same bytes as a file' "$anchor" "$(stat -c %s "$folder/files/page.json")"
figure 'page of 50 jobs, not cached' "$fresh" requests/s "$anchor" 0.12
figure 'page of 50 jobs, cached' "$cached" requests/s "$anchor" 0.8

stop "$serverProcess"
worst=0
for _ in 1 2 3 4 5; do
  begin=$(date +%s%N)
  launchServer
  until [[ $(get /readyz) == *'"ok"'* ]]; do sleep 0.005; done
  worst=$(best "$worst" $((($(date +%s%N) - begin) / 1000000)))
  idle=$(residentKilobytes "$serverProcess")
  stop "$serverProcess"
done
atMost 'start to /readyz with these jobs, slowest of 5' "$worst" ms 300
atMost 'memory when idle' "$((idle / 1024))" MB 40
