#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# vendor_build.sh SOURCE_TREE BUILD_TREE COMPILER [FLAGS]: installs the SDK into an empty prefix, builds the example against
# it in a folder that knows nothing of this tree, and looks at what came out.
set -euo pipefail
source_tree=$1
build_tree=$2
compiler=$3
flags=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

cmake --install "$build_tree" --component sdk --prefix "$work/prefix" >/dev/null
cp -r "$source_tree/sdk/example" "$work/farm"
cmake -S "$work/farm" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Wconversion -Werror $flags" >/dev/null
cmake --build "$work/build"
plugin=$work/build/farm_executor.so
test -f "$plugin" || fail "no farm_executor.so, but: $(ls "$work/build")"

# A library with the tree's path in it would work here and nowhere else.
grep -rq -- "$source_tree" "$work/prefix" && fail "the installed SDK refers to the source tree"

# Into variables, not pipes: under pipefail a `grep -q` that stops reading early would look like no match.
symbols=$(nm -D --defined-only "$plugin")
dynamic=$(readelf -d "$plugin")
table=$(readelf -sW "$plugin" | grep -w testarena_plugin)
exported=$(awk '{print $NF}' <<<"$symbols" | grep -v '^__\(asan\|odr_asan\|tsan\|ubsan\)' || true)
[[ $exported == testarena_plugin ]] || fail "exports other symbols than testarena_plugin: $exported"
[[ $symbols != *" u "* ]] || fail "exports a unique symbol, which other plugins would share: $symbols"
[[ $dynamic == *NODELETE* ]] || fail "is not linked with -z nodelete"
[[ $dynamic == *BIND_NOW* || $dynamic == *"Flags: NOW"* ]] || fail "is not linked with -z now"
[[ $table == *OBJECT* ]] || fail "testarena_plugin is no data: $table"

lines=$(wc -l <"$source_tree/sdk/example/farm_executor.cpp")
[[ $lines -le 60 ]] || fail "the example has $lines lines; the guide promises at most 60"

# A version of another major, or a newer minor, must not be taken.
sed -i 's/TestArenaSDK 0.1/TestArenaSDK 7.0/' "$work/farm/CMakeLists.txt"
cmake -S "$work/farm" -B "$work/other" -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null 2>&1 &&
  fail "find_package(TestArenaSDK 7.0) is content with this version"

# A function that nobody defines shows at the link, not in a call (sanitized plugins take theirs from the program).
if [[ -z $flags ]]; then
  sed -i 's/TestArenaSDK 7.0/TestArenaSDK 0.1/' "$work/farm/CMakeLists.txt"
  echo 'void definedNowhere(); void caller() { definedNowhere(); }' >"$work/farm/farm_executor.cpp"
  cmake -S "$work/farm" -B "$work/undefined" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_COMPILER="$compiler" >/dev/null
  output=$(cmake --build "$work/undefined" 2>&1) && fail "an undefined function was linked"
  [[ $output == *definedNowhere* ]] || fail "the link failed for another reason: $output"
fi

mkdir -p "$build_tree/vendor"
mv "$plugin" "$build_tree/vendor/farm_executor.so.new"
mv "$build_tree/vendor/farm_executor.so.new" "$build_tree/vendor/farm_executor.so"
