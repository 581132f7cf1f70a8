#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A small JSON answer from 64 connections, beside nginx serving the same bytes as a file. Alternating rounds, the best of each
# counts, so that what else happens on the machine hits both alike.
set -euo pipefail
# shellcheck source=tests/bench/support.sh
. "$(dirname "$0")/support.sh"
begin "${1:-build/release}"

# shellcheck disable=SC2119
startServer
mkdir "$folder/files"
exec 3<>"/dev/tcp/${serverAddress%:*}/${serverAddress##*:}"
printf 'GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
sed '1,/^\r$/d' <&3 >"$folder/files/livez.json"
exec 3>&-
startNginx "$folder/files"

best() { awk -v a="$1" -v b="$2" 'BEGIN { print (b > a ? b : a) }'; }
ours=0 anchor=0
for _ in 1 2 3; do
  anchor=$(best "$anchor" "$(requestsPerSecond "http://$nginxAddress/livez.json")")
  ours=$(best "$ours" "$(requestsPerSecond "http://$serverAddress/livez")")
done
printf '%-44s %12.0f requests/s\n' 'nginx, the same bytes as a file' "$anchor"
figure '/livez, 64 connections' "$ours" requests/s "$anchor" 0.85
