# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# ./dev build: configure a preset and build it.

presets() { sed -n '/"configurePresets"/,/"buildPresets"/ s/.*{"name": "\([a-z]*\)", "inherits".*/\1/p' CMakePresets.json; }

jobs() { echo "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"; }

# Ninja configures again by itself when a CMakeLists.txt changed; here stands only what it cannot see.
configure() {
  local preset=$1 cache=build/$1/CMakeCache.txt fresh=()
  if [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
    fresh=(--fresh) # the checkout was moved or copied
  elif [[ -f build/$preset/build.ninja && build/$preset/build.ninja -nt CMakePresets.json ]]; then
    return 0
  fi
  say "Configuring $preset"
  mkdir -p "build/$preset"
  cmake --preset "$preset" "${fresh[@]}" -Wno-dev >"build/$preset/configure.log" # what is wrong goes to standard error
}

# buildTargets PRESET TARGET...
buildTargets() {
  local preset=$1
  shift
  configure "$preset"
  say "Building $preset: $*"
  cmake --build "build/$preset" -j "$(jobs)" --target "$@" >&2
}

# The same, but a target that cannot be built does not keep the others from it.
buildAllThatCanBe() {
  local preset=$1
  shift
  configure "$preset"
  say "Building $preset: $*"
  cmake --build "build/$preset" -j "$(jobs)" --target "$@" -- -k 0 >&2
}

# What users run, without a single test: the programs and the plugins.
buildPrograms() { buildTargets "$1" host/all plugins/all; }

devBuild() {
  local preset=release
  if (($#)); then
    preset=$1
    shift
  fi
  presets | grep -qxF -- "$preset" || usageError "unknown preset '$preset'; there are: $(presets | tr '\n' ' ')"
  needPackages build web
  if (($#)); then
    buildTargets "$preset" "$@"
  else
    buildPrograms "$preset"
    buildWeb "$preset"
  fi
  say "Built: build/$preset"
}
