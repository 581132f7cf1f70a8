#!/bin/sh
# Password managers find both fields by their autocomplete attribute.
set -eu

for purpose in username current-password; do
  grep -q "autocomplete=\"$purpose\"" page/login.html || { echo "FAIL: no field for the $purpose" >&2; exit 1; }
  echo "found the field for the $purpose"
done
