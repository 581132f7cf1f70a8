# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# ./dev run: from a bare checkout to a running server.

# Relative paths on the command line are meant from where the caller stands.
fromCaller() { (cd "$callerFolder" && realpath -m -- "$1"); }

tomlString() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

devRun() {
  local repository='' data=$root/data listen=''
  while (($#)); do
    case $1 in
      --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
    esac
    (($# > 1)) || case $1 in
      --repository | --data | --listen) usageError "option '$1' needs a value" ;;
    esac
    case $1 in
      --repository) repository=$2 ;;
      --data) data=$(fromCaller "$2") ;;
      --listen) listen=$2 ;;
      *) usageError "run: unknown option '$1'" ;;
    esac
    shift 2
  done
  if [[ -n $repository && $repository != *://* && $repository != *@*:* ]]; then
    repository=$(fromCaller "$repository")
  fi

  needPackages build web
  [[ -z $repository ]] || requireRepository "$repository"
  buildPrograms release
  buildWeb release
  prepareData "$data" "$repository" "${listen:-127.0.0.1:8080}"

  if [[ -n $listen ]]; then export TESTARENA__SERVER__LISTEN=$listen; fi
  announce "$data" "$listen"
  exec "$root/build/release/bin/testarena" serve --config "$data/testarena.toml"
}

# A repository of another owner is fine: git is told to trust this one path, for this one command.
requireRepository() {
  [[ $1 == /* ]] || return 0
  [[ -d $1 ]] || die 1 "$1 is not a folder; --repository takes the path or the URL of a git repository."
  git -c "safe.directory=$1" -C "$1" rev-parse --git-dir >/dev/null ||
    die 1 "$1 is not a git repository; git's own words stand above."
}

# prepareData DIR REPOSITORY LISTEN: the data folder and its configuration, once.
prepareData() {
  local data=$1 repository=$2 listen=$3 configuration=$1/testarena.toml
  if [[ -f $configuration ]]; then
    [[ -z $repository ]] || grep -qF "$(tomlString "$repository")" "$configuration" || die 1 \
      "$configuration was written for another repository and is never changed by this command. Either" \
      "  write  repository = $(tomlString "$repository")  into it, at the discoverer of an environment, or" \
      "  start with a data folder of its own:  ./dev run --repository $repository --data DIR"
    return 0
  fi
  mkdir -p "$data"
  chmod 700 "$data"
  if [[ -z $repository ]]; then
    repository=$data/demonstration
    [[ -d $repository/.git ]] || makeDemonstration "$repository"
  fi
  cat >"$configuration.new" <<TOML
# Written by ./dev run on first start, and yours from then on: it is never written again.
# Every key with its meaning and default: config/testarena.toml in the checkout.

[server]
listen = $(tomlString "$listen")
data = $(tomlString "$data")

[storage]
plugin = "sqlite_storage"
path = "testarena.db"

[[authenticator]]
plugin = "local_authenticator"

[[environment]]
name = "local"
executor = { plugin = "local_executor", slots = 2 }
discoverer = { plugin = "git_discoverer", repository = $(tomlString "$repository") }
TOML
  mv "$configuration.new" "$configuration"
}

makeDemonstration() {
  say "Making the demonstration repository: $1"
  sh config/demo/make_repository.sh "$1" >&2
}

announce() {
  local data=$1 listen=$2 password
  [[ -n $listen ]] || listen=$(sed -n 's/^listen *= *"\([^"]*\)".*/\1/p' "$data/testarena.toml" | head -n 1)
  case ${listen:=127.0.0.1:8080} in
    *:0) listen="a free port; it stands in $data/address once the server is up" ;;
    *) listen=http://$listen/ ;;
  esac
  password="the one in $data/initial-admin-password"
  [[ ! -f $data/testarena.db || -f $data/initial-admin-password ]] ||
    password="the one you chose (forgotten? build/release/bin/testarena admin reset-password admin --config $data/testarena.toml)"
  cat >&2 <<TEXT

    Address         $listen
    User            admin
    Password        $password
    Configuration   $data/testarena.toml
    Stop            Ctrl-C

TEXT
}
