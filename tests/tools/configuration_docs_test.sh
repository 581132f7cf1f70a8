#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# doc/configuration.md and config/testarena.toml have the same sections, in them the same keys, and for these the same
# defaults.
set -euo pipefail
# shellcheck source=tests/tools/assertions.sh
. "$(dirname "$0")/assertions.sh"

# `section key default` for every key; a key without `#` before it has no default.
keysOfFile() {
  awk '/^\[/ { gsub(/[][]/, ""); section = $0 }
       /^#?[a-z_]+ = / { optional = sub(/^#/, ""); key = $1; sub(/^[a-z_]+ = /, "")
                         print section, key, optional ? $0 : "none" }' "$1"
}
keysOfPage() {
  awk -F ' *[|] *' '/^## `[^[]/ { exit } # tables of plugins: plugin_docs_test
       /^## `\[/ { gsub(/^## `\[+|\]+`$/, ""); section = $0 }
       /^\| `/ { gsub(/`/, ""); print section, $2, $3 }' "$1"
}
file=$(keysOfFile "$1/config/testarena.toml")
page=$(keysOfPage "$1/doc/configuration.md")
names() { cut -d ' ' -f 1,2 <<<"$1" | sort; }

expectMatch 'keys are found at all' 'server listen .*environment.discoverer repository' "$(xargs -d '\n' <<<"$file")"
expectEqual 'in config/testarena.toml, missing in doc/configuration.md' '' \
  "$(comm -23 <(names "$file") <(names "$page"))"
expectEqual 'in doc/configuration.md, missing in config/testarena.toml' '' \
  "$(comm -13 <(names "$file") <(names "$page"))"
expectEqual 'no key twice' '' "$(names "$file" | uniq -d)"

# A default that depends on the machine is told in words on the page and shown by an example in the file.
while read -r section key default; do
  [[ $default =~ ^(none|one\ per|the\ account) ]] ||
    expectEqual "the default of [$section] $key" "$default" \
      "$(awk -v section="$section" -v key="$key" '$1 == section && $2 == key { sub(/^[^ ]+ [^ ]+ /, ""); print }' <<<"$file")"
done <<<"$page"
verdict
