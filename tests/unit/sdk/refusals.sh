#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# refusals.sh COMPILER INCLUDE_FOLDER: misuse of the SDK does not compile, and the compiler's words say why.
# Each file in refusals/ begins with `// refused: words`; with -DFIXED the same file must compile.
set -euo pipefail
compiler=$1
include=$2
failed=0
count=0
for source in "$(dirname "$0")"/refusals/*.cpp; do
  count=$((count + 1))
  name=$(basename "$source")
  words=$(sed -n 's|^// refused: ||p' "$source")
  if [[ -z $words ]]; then
    echo "$name: does not say what it is refused for" >&2
    failed=1
    continue
  fi
  if output=$("$compiler" -std=c++17 -fsyntax-only -I "$include" "$source" 2>&1); then
    echo "$name: compiles, and should be refused: $words" >&2
    failed=1
  elif ! grep -qF -- "$words" <<<"$output"; then
    echo "$name: refused, but not with the words: $words" >&2
    grep -m5 error <<<"$output" >&2 || true
    failed=1
  fi
  if ! "$compiler" -std=c++17 -fsyntax-only -DFIXED -I "$include" "$source"; then
    echo "$name: does not compile when fixed" >&2
    failed=1
  fi
done
test "$count" -gt 8
exit $failed
