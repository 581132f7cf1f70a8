#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# model_test.sh: the model of the reconciler is right where it should be, wrong where it should be wrong, and has the rows of
# the code.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
table=$here/../../host/server/reconciler/transitions.cpp
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Rows as `phase intent action done refused unknown`.
sed -n 's/^ *{Phase::\(.*\)},$/\1/p' "$table" | sed 's/[A-Za-z]*:://g; s/,//g' | tr -s ' ' >code
sed -n 's/^ *ROW(\(.*\));$/\1/p' "$here/reconciler.pml" | sed 's/[,_]/ /g' | tr -s ' ' >model
[[ $(wc -l <code) -eq 18 ]] || { echo "expected 18 rows in $table, found $(wc -l <code)"; exit 1; }
diff -u code model || { echo 'FAILED: the rows of reconciler.pml are not those of transitions.cpp'; exit 1; }

# check RIGHT|WRONG DEFINITION...
check() {
  local expected=$1 found
  shift
  rm -f pan*
  spin -a "$@" "$here/reconciler.pml" >spin.log 2>&1 || { cat spin.log; exit 1; }
  gcc -O1 -DSAFETY -DCOLLAPSE -DVECTORSZ=2048 -w -o pan pan.c
  ./pan -m200000 >pan.log 2>&1
  if grep -q 'max search depth too small' pan.log; then echo "FAILED: the search of $* was cut off"; exit 1; fi
  if grep -q 'errors: 0' pan.log; then found=right; else found=wrong; fi
  printf '%-24s %s, %s\n' "${*:--}" "$found" "$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1 states/p' pan.log)"
  [[ $found == "$expected" ]] || { cat pan.log; echo "FAILED: ${*:-neither} should be $expected"; exit 1; }
}
check right -DC3
check right -DWAIT_OUT
check wrong
