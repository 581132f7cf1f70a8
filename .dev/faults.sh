# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# ./dev faults: the server killed again and again, and what was promised compared with what became of it.

devFaults() {
  local kills=${1:-1000} seed=${2:-$RANDOM} kinds=4
  if (($# > 2)) || ! [[ $kills =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ ]]; then
    usageError "faults takes a number of kills and a seed"
  fi
  needPackages build web test
  buildTargets release host/all plugins/all crash_point clock_jump
  python3 -B tests/faults/kill_loop.py --build build/release --kills $(((kills + kinds - 1) / kinds)) --seed "$seed"
}
