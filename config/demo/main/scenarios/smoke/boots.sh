#!/bin/sh
# The station comes up, and its last word says so.
set -eu

output=$(sh firmware/station.sh boot)
echo "$output"
case $output in
  *' is up') echo 'PASS: the station is up' ;;
  *) echo 'FAIL: the station did not come up' >&2; exit 1 ;;
esac
