#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `testarena check-config` accepts config/testarena.toml, as it stands and with every key in force, and all examples; so the
# keys of the bundled plugins are true as well. A misspelt key of a plugin is found, with its line and the right one.
set -euo pipefail
# shellcheck source=tests/tools/assertions.sh
. "$(dirname "$0")/assertions.sh"

config=$1/config
testarena=$2/bin/testarena
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for file in "$config/testarena.toml" "$config"/examples/*.toml; do
  expectStatus "$(basename "$file")" 0 "$testarena" check-config --config "$file"
done

sed 's/^#\([a-z_]* = \)/\1/' "$config/testarena.toml" >"$folder/every_key.toml"
chmod 600 "$folder/every_key.toml" # it has a secret in it, if an empty one
expectStatus 'testarena.toml with every key in force' 0 "$testarena" check-config --config "$folder/every_key.toml"

sed 's/^abort_grace/abort_gracee/' "$folder/every_key.toml" >"$folder/wrong.toml"
chmod 600 "$folder/wrong.toml"
line=$(grep -n abort_gracee "$folder/wrong.toml" | cut -d : -f 1)
expectStatus 'a misspelt key' 78 "$testarena" check-config --config "$folder/wrong.toml"
expectMatch 'which is named with its line and the right one' "wrong.toml:$line:.*abort_gracee.*abort_grace" \
  "$("$testarena" check-config --config "$folder/wrong.toml" 2>&1 || true)"
runner=$2/bin/testarena-runner
expectStatus 'testarena-runner.toml' 0 "$runner" check-config --config "$config/testarena-runner.toml"
sed 's/^#\([a-z_]* = \)/\1/' "$config/testarena-runner.toml" >"$folder/runner.toml"
expectStatus 'testarena-runner.toml with every key in force' 0 "$runner" check-config --config "$folder/runner.toml"
expectEqual 'nothing was made' 'every_key.toml runner.toml wrong.toml' "$(cd "$folder" && echo *)"
verdict
