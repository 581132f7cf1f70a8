#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# headers.sh COMPILER INCLUDE_FOLDER: every header of the SDK compiles alone, with no remark, as C++17; all of them as C++20;
# abi.h as C99.
set -euo pipefail
compiler=$1
include=$2
remarks="-Wall -Wextra -Wpedantic -Wconversion -Wnon-virtual-dtor -Wshadow -Werror"
failed=0
count=0
cd "$include"
everything=
for header in testarena/*.h testarena/detail/*.h; do
  count=$((count + 1))
  everything+="#include <$header>"$'\n'
  # shellcheck disable=SC2086
  if ! echo "#include <$header>" | "$compiler" -std=c++17 $remarks -fsyntax-only -I . -x c++ -; then
    echo "$header does not stand alone" >&2
    failed=1
  fi
done
# shellcheck disable=SC2086
if ! echo "$everything" | "$compiler" -std=c++20 $remarks -fsyntax-only -I . -x c++ -; then
  echo "the headers do not compile as C++20" >&2
  failed=1
fi
if ! echo '#include <testarena/abi.h>
static int32_t create(const ta_host* h, ta_bytes i, ta_bytes c, ta_call* call, void** instance) {
  (void)h; (void)i; (void)c; (void)call; *instance = (void*)0; return TA_OK; }
static int32_t call(void* i, ta_bytes o, ta_bytes r, ta_call* c) { (void)i; (void)o; (void)r; (void)c; return TA_UNSUPPORTED; }
static void destroy(void* instance) { (void)instance; }
TA_EXPORT const ta_plugin testarena_plugin;
const ta_plugin testarena_plugin = {TA_MAGIC, sizeof(ta_plugin), TA_ABI_VERSION, {"{}", 2}, create, call, destroy};' |
  "${compiler%++*}$([[ $compiler == *clang* ]] || echo cc)" -std=c99 -pedantic -Wall -Wextra -Wconversion -Werror -fsyntax-only -I . -x c -; then
  echo "abi.h does not compile as C99" >&2
  failed=1
fi
test "$count" -gt 30
exit $failed
