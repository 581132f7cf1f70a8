#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The sections of doc/configuration.md that are about one plugin have the keys that the plugin has, with their defaults; and
# the examples of ssh and http have each of them.
set -euo pipefail
# shellcheck source=tests/tools/assertions.sh
. "$(dirname "$0")/assertions.sh"

testarena=$2/bin/testarena

# `key default` for every key; without a default, the key alone. `plugin` and `isolation` are the host's.
keysOfPlugin() {
  "$testarena" plugins inspect "$2/plugins/$1.so" |
    sed -n '/configuration:/,$ s/^      \([a-z_]*\) *\([^:]*\): .*/\1 \2/p' |
    grep -v -E '^(plugin|isolation) ' |
    sed -e 's/ [a-z ,]*default a list/ []/; t' -e 's/ [a-z ,]*default \(.*\)/ \1/; t' -e 's/ .*//'
}
keysOfPage() {
  awk -F ' *[|] *' -v wanted="$1" '/^## / { section = $0; gsub(/^## `|`$/, "", section) }
       section == wanted && /^\| `/ { key = $2; gsub(/`/, "", key)
         print (($3 ~ /^`/) ? key " " substr($3, 2, length($3) - 2) : key) }' "$2/doc/configuration.md"
}
names() { cut -d ' ' -f 1 <<<"$1"; }

discoverer=$(keysOfPlugin ssh_discoverer "$2")
executor=$(keysOfPlugin ssh_executor "$2")
shared=$(sed -n '/^host/,/^repository/p' <<<"$discoverer")
expectMatch 'keys are found at all' 'host .*key_file .*repository' "$(xargs <<<"$shared")"
expectEqual 'ssh_discoverer' "$discoverer" "$(keysOfPage ssh_discoverer "$1")"
expectEqual 'what ssh_executor takes from it' "$(names "$shared")" "$(names "$executor" | sed -n '/^host/,/^repository/p')"
expectEqual 'ssh_executor' "$(sed '/^host/,/^repository/d' <<<"$executor")" "$(keysOfPage ssh_executor "$1")"

# The example shows each key once, but for those that are made by the host or stand in a table of their own.
example=$(sed -n '/^\[environment\.discoverer\]/,$ s/^#*\([a-z_]*\) = .*/\1/p' "$1/config/examples/ssh.toml" | grep -v -x plugin)
expectEqual 'examples/ssh.toml' \
  "$({ names "$discoverer"; names "$executor" | sed '/^host/,/^repository/d'; } | grep -v -x -E 'scenarios|environment' | sort)" \
  "$(sort <<<"$example")"

# Lists are `[]` to the program; `data` and `environment` come from the host.
http=$(keysOfPlugin http_executor "$2" | grep -v -x -E 'data|environment')
expectEqual 'http_executor' "$http" "$(keysOfPage http_executor "$1" | sed 's/ \[.*/ []/')"
example=$(sed -n '/^plugin = "http_executor"/,$ s/^#*\([a-z_]*\) = .*/\1/p' "$1/config/examples/http.toml" | grep -v -x plugin)
expectEqual 'examples/http.toml' "$(names "$http" | sort)" "$(sort <<<"$example")"
verdict
