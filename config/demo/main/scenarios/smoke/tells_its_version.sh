#!/bin/sh
# The version has three numbers.
set -eu

version=$(sh firmware/station.sh version)
echo "The station says: $version"
echo "$version" | grep -Eq '^station [0-9]+\.[0-9]+\.[0-9]+$'
