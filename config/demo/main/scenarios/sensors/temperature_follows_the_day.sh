#!/bin/sh
# Between five in the morning and five in the afternoon it never gets colder.
set -eu

before=-100
for hour in 5 7 9 11 13 15 17; do
  now=$(sh firmware/station.sh temperature "$hour")
  printf '%2d:00  %5s °C\n' "$hour" "$now"
  awk -v before="$before" -v now="$now" 'BEGIN { exit !(now >= before) }' || {
    echo "FAIL: at $hour:00 it is colder than two hours before ($before °C)" >&2
    exit 1
  }
  before=$now
done
