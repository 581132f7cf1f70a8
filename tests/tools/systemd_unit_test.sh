#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The systemd units are understood by systemd, and the service is as shut in as doc/operations.md promises.
set -euo pipefail
# shellcheck source=tests/tools/assertions.sh
. "$(dirname "$0")/assertions.sh"

units=$1/config/systemd
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# verify wants the programs it names to exist.
sed 's|/usr/bin/testarena|/usr/bin/true|' "$units/testarena.service" >"$folder/testarena.service"
expectEqual 'systemd has no complaint about testarena.service' '' \
  "$(systemd-analyze verify --man=no "$folder/testarena.service" 2>&1)"
exposure=$(systemd-analyze security --offline=yes --no-pager "$folder/testarena.service" |
  sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')
expectMatch "its exposure is below 2.0 (it is $exposure)" '^[01]\.[0-9]$' "$exposure"

mkdir "$folder/testarena.service.d"
cp "$units/local-executor.conf" "$folder/testarena.service.d/"
expectEqual 'nor about it together with local-executor.conf' '' \
  "$(systemd-analyze verify --man=no "$folder/testarena.service" 2>&1)"
expectMatch 'which opens it' '^[2-9]\.[0-9]$' \
  "$(systemd-analyze security --offline=yes --no-pager "$folder/testarena.service" |
    sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')"

sed 's|/usr/bin/testarena-runner|/usr/bin/true|' "$units/testarena-runner.service" >"$folder/testarena-runner.service"
expectEqual 'nor about testarena-runner.service' '' \
  "$(systemd-analyze verify --man=no "$folder/testarena-runner.service" 2>&1)"

mapfile -t accounts < <(grep -v '^#' "$units/sysusers.conf")
expectStatus 'systemd-sysusers reads sysusers.conf' 0 systemd-sysusers --dry-run --inline "${accounts[@]}"
verdict
