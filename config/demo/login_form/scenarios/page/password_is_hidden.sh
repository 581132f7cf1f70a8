#!/bin/sh
# Nobody reads a password over the shoulder.
set -eu

grep -n 'name="password"' page/login.html
grep 'name="password"' page/login.html | grep -q 'type="password"'
