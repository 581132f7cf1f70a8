#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Small JSON answers from 64 connections, beside nginx serving the same bytes as a file; and whether anybody of a crowd of
# 1,000 is forgotten. Alternating rounds, the best of each counts, so that what else happens on the machine hits both alike.
set -euo pipefail
# shellcheck source=tests/bench/support.sh
. "$(dirname "$0")/support.sh"
begin "${1:-build/release}"

startServer
mkdir "$folder/files"
get /livez >"$folder/files/livez.json"
startNginx "$folder/files"

livez=0 session=0 anchor=0
for _ in 1 2 3; do
  anchor=$(best "$anchor" "$(requestsPerSecond "http://$nginxAddress/livez.json")")
  livez=$(best "$livez" "$(requestsPerSecond "http://$serverAddress/livez")")
  session=$(best "$session" "$(requestsPerSecond "http://$serverAddress/api/v1/session" -H "Authorization: Bearer $serverToken")")
done
printf '%-44s %12.0f requests/s\n' 'nginx, the same bytes as a file' "$anchor"
figure '/livez, 64 connections' "$livez" requests/s "$anchor" 0.85
figure '/api/v1/session with a token' "$session" requests/s "$anchor" 0.85

read -r starved fewest most < <("$build/bench/http_clients" crowd "$serverAddress" /livez 1000 5)
atMost 'clients of 1,000 without an answer in 5 s' "$starved" clients 0
printf '%-44s %12s answers\n' 'fewest and most of one client' "$fewest-$most"
