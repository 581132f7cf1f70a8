#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The demonstration repository: every branch is there, it is the same each time, and its scenarios do what they promise.
set -euo pipefail
# shellcheck source=tests/tools/assertions.sh
. "$(dirname "$0")/assertions.sh"

maker=$1/config/demo/make_repository.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null

sh "$maker" "$folder/one"
(umask 077 && GIT_DIR=/nonexistent LANG=de_DE.UTF-8 sh "$maker" "$folder/two")
heads() { git -C "$1" for-each-ref --format='%(refname:short) %(objectname)' refs/heads; }
expectEqual 'the same commits, whoever makes it' "$(heads one)" "$(heads two)"
expectEqual 'its branches' 'broken-manifest feature/dew-point feature/login-form main' \
  "$(heads one | cut -d ' ' -f 1 | xargs)"
expectEqual 'several authors' 3 "$(git -C one log --all --format=%an | sort -u | wc -l)"
expectStatus 'a folder that exists is never touched' 1 sh "$maker" "$folder/one"

cd one
for script in scenarios/smoke/*.sh scenarios/sensors/temperature*.sh scenarios/endurance/*.sh; do
  expectStatus "$script passes" 0 sh "$script"
done
expectStatus 'one is skipped' 77 sh scenarios/network/joins_the_wireless_network.sh
export TESTARENA_OUTPUT=$folder
expectStatus 'one fails' 1 sh scenarios/sensors/humidity_matches_the_chamber.sh
expectEqual 'and leaves an artifact' 7 "$(wc -l <"$folder/calibration.csv")"
expectStatus 'one is ended by SIGSEGV' $((128 + 11)) sh scenarios/faults/logger_crashes_on_brownout.sh
expectStatus 'one hangs' 124 timeout 0.2 sh scenarios/faults/watchdog_sleeps.sh
expectEqual 'a long log' 200005 "$(sh scenarios/endurance/a_day_of_readings.sh | wc -l)"

git checkout --quiet feature/dew-point
expectStatus 'the CMake project builds' 0 sh -c 'cmake -S . -B build && cmake --build build'
expectStatus 'and its tests pass' 0 ctest --test-dir build
verdict
