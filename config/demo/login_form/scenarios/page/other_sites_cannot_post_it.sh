#!/bin/sh
# The form has to carry a token that other sites do not know. It does not yet.
set -eu

grep -q 'name="csrf_token"' page/login.html || {
  echo 'FAIL: page/login.html has no field csrf_token: any site can log a visitor in here' >&2
  exit 1
}
