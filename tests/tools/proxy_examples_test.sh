#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# HAProxy and Caddy accept the examples as they stand, apart from the certificate, which is made here.
set -euo pipefail
# shellcheck source=tests/tools/assertions.sh
. "$(dirname "$0")/assertions.sh"

examples=$1/config/examples
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder XDG_DATA_HOME=$folder XDG_CONFIG_HOME=$folder

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=testarena.example.org -days 2 \
  -keyout "$folder/key" -out "$folder/certificate" 2>/dev/null
cat "$folder/certificate" "$folder/key" >"$folder/testarena.pem"
sed "s|/etc/haproxy/testarena.pem|$folder/testarena.pem|" "$examples/haproxy.cfg" >"$folder/haproxy.cfg"
expectStatus 'haproxy.cfg' 0 /usr/sbin/haproxy -c -dW -f "$folder/haproxy.cfg"
expectStatus 'Caddyfile' 0 caddy validate --adapter caddyfile --config "$examples/Caddyfile"
expectEqual "Caddyfile is laid out as Caddy likes it" "" "$(caddy fmt "$examples/Caddyfile" | diff - "$examples/Caddyfile")"
verdict
