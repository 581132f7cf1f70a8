# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Which packages of Debian 12 and 13 each purpose needs, and how they get there.

# The names are the same on both releases, and only -dev packages stand here: they bring the right run-time library.
packagesFor() {
  case $1 in
    build)
      echo g++ make cmake ninja-build pkg-config ccache mold git ca-certificates \
        libpoco-dev libpq-dev libboost-dev libspdlog-dev libfmt-dev libcli11-dev libtomlplusplus-dev \
        libsodium-dev libsqlite3-dev libssh-dev libyaml-cpp-dev libzstd-dev libre2-dev \
        libgtest-dev libgmock-dev librapidcheck-dev # found when configuring, used by the tests
      ;;
    web) # Somebody with a Node.js from elsewhere has npm in it, and Debian's npm would not install beside that.
      if ! command -v node >/dev/null || ! command -v npm >/dev/null; then echo nodejs npm ca-certificates; fi
      ;;
    test) echo spin python3 chromium fonts-dejavu-core systemd haproxy caddy openssl openssh-server openssh-client libnss-wrapper shellcheck busybox clang libmsgpack-cxx-dev ;;
    bench) echo nginx-light wrk ;;
    lint) echo clang-format clang-tidy shellcheck ;;
  esac
}

missingPackages() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^.i *//p' || true)
  comm -23 <(printf '%s\n' "$@" | sort -u) <(sort -u <<<"$installed")
}

# needPackages PURPOSE...: installs what is missing for them; does nothing, and asks no server, when nothing is.
needPackages() {
  local purpose wanted=() missing=()
  for purpose in "$@"; do
    read -r -a packages <<<"$(packagesFor "$purpose" | tr '\n' ' ')"
    wanted+=("${packages[@]}")
  done
  ((${#wanted[@]})) || return 0
  command -v dpkg-query >/dev/null || {
    say "This is not Debian: packages named like these are expected to be there: ${wanted[*]}"
    return 0
  }
  mapfile -t missing < <(missingPackages "${wanted[@]}")
  ((${#missing[@]})) || return 0

  local asRoot=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      die 1 "packages are missing, and installing them needs root. As root, run:" \
        "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    asRoot=(sudo)
  fi
  say "Installing ${#missing[@]} packages (for: $*): ${missing[*]}"
  mkdir -p build
  "${asRoot[@]}" bash .dev/install_packages.sh "${missing[@]}" </dev/null >build/packages.log 2>&1 || {
    tail -n 30 build/packages.log >&2
    die 1 "apt-get could not install them; its last words stand above, all of them in build/packages.log."
  }
}
