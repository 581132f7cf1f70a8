# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the measurements share: a folder of their own, the server, nginx as the anchor, and one way to show figures.
# A measurement starts with `begin BUILD_FOLDER`; everything it started ends with it.

# begin BUILD_FOLDER
begin() {
  build=$(cd "$1" && pwd)
  folder=$(mktemp -d /var/tmp/testarena-bench.XXXXXX)
  chmod 755 "$folder" # nginx's workers may be another account
  started=()
  serverData=$folder/data
  serverConfiguration=$folder/testarena.toml
  executorKeys='' # further keys of the executor's table, each after a comma
  trap end EXIT
  echo "$(nproc) processors: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1); load $(cut -d ' ' -f 1 /proc/loadavg)"
}

end() {
  local process
  for process in "${started[@]}"; do kill "$process" 2>/dev/null && wait "$process" 2>/dev/null; done
  rm -rf "$folder"
}

# waitFor SECONDS COMMAND...: until the command succeeds.
waitFor() {
  local until=$((SECONDS + $1))
  shift
  until "$@" 2>/dev/null >&2; do
    ((SECONDS < until)) || {
      echo "waited in vain for: $*" >&2
      return 1
    }
    sleep 0.05
  done
}

# makeRepository FOLDER MANIFEST: a git repository whose branch main has this .testarena.toml.
makeRepository() {
  git init -q -b main "$1"
  printf '%s\n' "$2" >"$1/.testarena.toml"
  git -C "$1" add .
  git -C "$1" -c user.name=Bench -c user.email=bench@localhost commit -qm 'A commit to run'
}

# The scenarios that measurements submit, for the local executor and for the dummy.
readonly shortManifest='[[scenarios]]
name = "pass"
command = ["true"]
[[scenarios]]
name = "hang"
command = ["sleep", "3600"]'

# startServer [EXECUTOR [LINE...]]: the release server on a free port, by default with an empty data folder and the
# dummy_executor; the lines are added to its [server] section. Whoever measures with data puts a database into serverData
# first. Sets serverAddress (host:port), serverProcess, serverConfiguration and serverToken (the administrator's).
startServer() {
  local executor=${1:-dummy_executor}
  shift || true
  mkdir -p "$serverData"
  [[ -d $folder/repository ]] || makeRepository "$folder/repository" "$shortManifest"
  {
    printf '[server]\nlisten = "127.0.0.1:0"\ndata = "%s"\n' "$serverData"
    (($# == 0)) || printf '%s\n' "$@"
    cat <<TOML
[storage]
plugin = "sqlite_storage"
[[authenticator]]
plugin = "local_authenticator"
[[environment]]
name = "bench"
executor = { plugin = "$executor"$executorKeys }
discoverer = { plugin = "git_discoverer", repository = "$folder/repository" }
TOML
  } >"$serverConfiguration"
  launchServer
  serverToken=$("$build/bin/testarena" admin token admin --config "$serverConfiguration")
}

# launchServer: with the configuration that is there.
launchServer() {
  rm -f "$serverData/address"
  "$build/bin/testarena" serve --config "$serverConfiguration" </dev/null >"$folder/server.log" 2>&1 &
  serverProcess=$!
  started+=("$serverProcess")
  waitFor 20 test -s "$serverData/address" || {
    cat "$folder/server.log" >&2
    return 1
  }
  serverAddress=$(<"$serverData/address")
  serverAddress=${serverAddress#http://}
  serverAddress=${serverAddress%/}
}

# startNginx FOLDER: serves the folder's files, configured as one would for speed, beside any nginx of the system.
# Sets nginxAddress and nginxProcess.
startNginx() {
  local port user=''
  ((EUID != 0)) || user='user root;'
  for _ in 1 2 3 4 5 6 7 8; do
    port=$((20000 + RANDOM % 20000))
    cat >"$folder/nginx.conf" <<NGINX
$user
worker_processes auto;
worker_rlimit_nofile 65536;
daemon off;
pid $folder/nginx.pid;
error_log stderr;
events { worker_connections 16384; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  open_file_cache max=100;
  types { application/json json; }
  client_body_temp_path $folder/nginx;
  proxy_temp_path $folder/nginx;
  fastcgi_temp_path $folder/nginx;
  uwsgi_temp_path $folder/nginx;
  scgi_temp_path $folder/nginx;
  server { listen 127.0.0.1:$port backlog=4096; root $1; }
}
NGINX
    nginx -c "$folder/nginx.conf" -e stderr </dev/null >"$folder/nginx.log" 2>&1 &
    nginxProcess=$!
    nginxAddress=127.0.0.1:$port
    if waitFor 3 answers "$nginxAddress" && kill -0 "$nginxProcess" 2>/dev/null; then
      started+=("$nginxProcess")
      return 0
    fi
    kill "$nginxProcess" 2>/dev/null || true
    wait "$nginxProcess" || true # the port was taken: the next one
  done
  cat "$folder/nginx.log" >&2
  return 1
}

# stop PROCESS: ends it and waits for its end.
stop() {
  kill "$1"
  wait "$1" || true
}

# get PATH: the body of the server's answer.
get() {
  exec 3<>"/dev/tcp/${serverAddress%:*}/${serverAddress##*:}"
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n' "$1" "$serverToken" >&3
  sed '1,/^\r$/d' <&3
  exec 3>&-
}

# post PATH BODY: the body of the server's answer.
post() {
  local LC_ALL=C
  exec 3<>"/dev/tcp/${serverAddress%:*}/${serverAddress##*:}"
  printf 'POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$serverToken" "${#2}" "$2" >&3
  sed '1,/^\r$/d' <&3
  exec 3>&-
}

# submit SCENARIO: its id.
submit() {
  post /api/v1/jobs "{\"environment\":\"bench\",\"branch\":\"main\",\"scenarios\":[\"$1\"]}" | sed -n 's/^{"id": *\([0-9]*\).*/\1/p'
}

# residentKilobytes PROCESS
residentKilobytes() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$1/status"; }

threads() { sed -n 's/^Threads:[^0-9]*//p' "/proc/$1/status"; }

best() { awk -v a="$1" -v b="$2" 'BEGIN { print (b > a ? b : a) }'; }

# Does somebody listen at HOST:PORT?
answers() { (exec 3<>"/dev/tcp/${1%:*}/${1##*:}"); }

# requestsPerSecond URL [wrk's options...]: by wrk, 64 connections; what goes wrong is said on standard error.
requestsPerSecond() {
  local url=$1 output
  shift
  output=$(wrk -t 2 -c 64 -d "${BENCH_SECONDS:-5}s" "$@" "$url")
  grep -E 'Socket errors|Non-2xx' <<<"$output" >&2 || true
  sed -n 's/^Requests\/sec: *//p' <<<"$output"
}

# figure NAME VALUE UNIT ANCHOR GOAL: VALUE and its ratio to ANCHOR, beside the goal for that ratio.
figure() {
  awk -v name="$1" -v value="$2" -v unit="$3" -v anchor="$4" -v goal="$5" 'BEGIN {
    ratio = anchor > 0 ? value / anchor : 0
    verdict = ratio >= goal ? "reached" : "missed"
    printf "%-44s %12.0f %-10s %6.2fx  goal >= %sx  %s\n", name, value, unit, ratio, goal, verdict
  }'
}

# atMost NAME VALUE UNIT GOAL: VALUE beside the most that it should be.
atMost() {
  awk -v name="$1" -v value="$2" -v unit="$3" -v goal="$4" 'BEGIN {
    printf "%-44s %12.1f %-10s         goal <= %s %s  %s\n", name, value, unit, goal, unit, value <= goal ? "reached" : "missed"
  }'
}
