#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ./dev: what it says to wrong words, and what `./dev run` writes on first start and never again.
set -euo pipefail
# shellcheck source=tests/tools/assertions.sh
. "$(dirname "$0")/assertions.sh"

checkout=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for wrong in 'nosuch' 'run --nosuch x' 'run --data' 'run file' 'build nosuch' 'bench nosuch' 'faults x' 'format x' 'test a b'; do
  # shellcheck disable=SC2086 # several words
  expectStatus "./dev $wrong" 2 "$checkout/dev" $wrong
done
expectStatus './dev help' 0 "$checkout/dev" help
sed -n 's/^  \([a-z]*\)) dev.*/\1/p' "$checkout/dev" >"$folder/commands"
while read -r command; do
  expectMatch "help explains $command" "./dev $command" "$("$checkout/dev" help)"
done <"$folder/commands"

# What follows needs the functions and not what they install and build.
cd "$checkout"
# shellcheck disable=SC2034 # read by the functions
callerFolder=$folder root=$checkout
say() { :; }
die() {
  local status=$1
  shift
  printf 'dev: %s\n' "$@"
  exit "$status"
}
# shellcheck source=.dev/run.sh
. .dev/run.sh

prepared() { (prepareData "$@") 2>&1; }
prepared "$folder/first" '' 127.0.0.1:0
expectEqual 'the data folder is private' 700 "$(stat -c %a "$folder/first")"
expectEqual 'the demonstration repository is made' 4 "$(git -C "$folder/first/demonstration" branch | wc -l)"
expectMatch 'and configured' "repository = \"$folder/first/demonstration\"" "$(<"$folder/first/testarena.toml")"

echo '# mine' >>"$folder/first/testarena.toml"
before=$(<"$folder/first/testarena.toml")
prepared "$folder/first" '' 127.0.0.1:9999
expectEqual 'an edited configuration stays as it is' "$before" "$(<"$folder/first/testarena.toml")"

weird="$folder/a \"b\" \\c"
git init --quiet "$weird"
expectStatus 'a repository with an odd name is one' 0 requireRepository "$weird"
expectMatch 'another repository is refused with the cure' '--data DIR' "$(prepared "$folder/first" "$weird" '' || true)"
prepared "$folder/second" "$weird" 127.0.0.1:0
expectMatch 'and can be written down' 'a \\"b\\" \\\\c' "$(<"$folder/second/testarena.toml")"
prepared "$folder/second" "$weird" 127.0.0.1:0
expectEqual 'the same repository again is no other one' 0 $?
expectMatch 'a folder that is no repository' 'is not a git repository' "$( (requireRepository "$folder/first") 2>&1 || true)"
expectMatch 'a path that does not exist' 'is not a folder' "$( (requireRepository "$folder/nosuch") 2>&1 || true)"
expectStatus 'a URL is not looked at' 0 requireRepository https://example.org/x.git
if ((EUID == 0)); then
  chown -R nobody "$weird"
  expectStatus 'the repository of another owner' 0 requireRepository "$weird"
fi

expectMatch 'the address is told' 'http://127.0.0.1:0?8080/' "$(announce "$folder/first" 127.0.0.1:8080 2>&1)"
expectMatch 'or where it will stand' "$folder/first/address" "$(announce "$folder/first" '' 2>&1)"
expectMatch 'and where the password stands' "$folder/first/initial-admin-password" "$(announce "$folder/first" '' 2>&1)"
verdict
