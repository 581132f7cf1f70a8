#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# doc/plugin-guide.md quotes files of the tree and words of the program: both must still be what they were when it was written.
set -eu
cd "$1"
guide=doc/plugin-guide.md
failed=0

# Quoted files, between `<!-- begin FILE -->` and `<!-- end -->`, without the fence.
for file in $(sed -n 's/^<!-- begin \(.*\) -->$/\1/p' "$guide"); do
  if ! awk -v file="$file" '$0 == "<!-- end -->" {on = 0} on && !/^```/ {print} $0 == "<!-- begin " file " -->" {on = 1}' "$guide" |
    diff -u "$file" -; then
    echo "FAIL: $guide does not quote $file as it is"
    failed=1
  fi
done

# A vendor's whole plugin is promised to be small.
lines=$(wc -l < sdk/example/farm_executor.cpp)
[ "$lines" -le 60 ] || { echo "FAIL: the example has $lines lines, promised are 60"; failed=1; }

# What the table of refusals says the line says, up to the first value in it.
awk '/^\| the line says/ {on = 1; next} on && /^\|/ {split($0, cell, "|"); print cell[2]}' "$guide" | grep -o '`[^`]*`' | tr -d '`' |
  sed -e 's/^there is no <name>.*/; add its folder to [plugins] path/' -e 's/ aarch64.*//' -e 's/ [0-9].*//' -e 's/ GLIBC.*//' \
      -e 's/ libfarm.*//' -e "s/ 'x'.*//" -e "s/'testarena_plugin'//" -e 's/ executor\/1.*//' -e 's/:* \.\.\.$//' -e 's/ (mode.*//' -e '/^--*$/d' |
  while IFS= read -r words; do
    words=$(printf '%s' "$words" | sed 's/ *$//')
    [ -n "$words" ] || continue
    # The sources break long texts: compare without breaks, quotes and spaces.
    cat host/plugin_host/*.cpp | tr -d '\n" ' | grep -qF "$(printf '%s' "$words" | tr -d '" ')" ||
      { echo "FAIL: $guide lists a refusal that no source has: $words"; echo > "$2"; }
  done
if [ -e "$2" ]; then rm "$2"; failed=1; fi

# Keywords of a schema: each of the guide's table is known to the program, and the other way round.
for keyword in $(sed -n 's/^ *{"\([a-zA-Z-]*\)", .*/\1/p' host/base/schema_words.cpp); do
  grep -q "\`$keyword\`" "$guide" || { echo "FAIL: $guide does not explain the keyword $keyword"; failed=1; }
done
exit "$failed"
