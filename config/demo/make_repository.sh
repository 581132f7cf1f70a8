#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make_repository.sh FOLDER: makes the demonstration repository there, with every branch and always the same commits.
# The folders beside this script hold the files: main, and what each other branch has more or differently.
set -eu

target=$1
templates=$(cd "$(dirname "$0")" && pwd)
[ ! -e "$target" ] || { echo "make_repository.sh: $target exists already" >&2; exit 1; }

# Neither the caller's settings nor the machine's may change what is committed.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
umask 022

# Made beside the target and moved there in the end: what bears the name is whole.
new=$target.new
rm -rf "$new"
git init --quiet --initial-branch=main "$new"

# commit AUTHOR DATE SUBJECT FOLDER PATH...: takes these paths from that folder of templates.
commit() {
  author=$1 date=$2 subject=$3 folder=$4
  shift 4
  (cd "$templates/$folder" && tar -cf - "$@") | tar -C "$new" -xf - --no-same-owner
  git -C "$new" add --all
  mail=$(echo "$author" | tr 'A-Z ' 'a-z.')@example.org
  GIT_AUTHOR_NAME=$author GIT_AUTHOR_EMAIL=$mail GIT_AUTHOR_DATE=$date \
  GIT_COMMITTER_NAME=$author GIT_COMMITTER_EMAIL=$mail GIT_COMMITTER_DATE=$date \
    git -C "$new" commit --quiet --message "$subject"
}
branch() { git -C "$new" checkout --quiet -b "$1" "$2"; }

commit 'Ada Berg' '2025-03-03T09:12:00+01:00' 'A weather station that boots and tells its version' \
  main README.md firmware scenarios/smoke
commit 'Noor Haddad' '2025-03-04T14:40:00+01:00' 'Check the sensors and the radio' \
  main scenarios/sensors scenarios/network
commit 'Ada Berg' '2025-03-06T11:05:00+01:00' 'Check an update over the air, and a whole day of readings' \
  main scenarios/update scenarios/endurance
commit 'Tomas Lind' '2025-03-10T16:31:00+01:00' 'Keep the two faults that we cannot explain yet' \
  main scenarios/faults
commit 'Ada Berg' '2025-03-11T08:55:00+01:00' 'Describe the scenarios in .testarena.toml' \
  main .testarena.toml

branch feature/login-form main
commit 'Noor Haddad' '2025-03-12T10:20:00+01:00' 'A login form for the page of the station' \
  login_form page
commit 'Noor Haddad' '2025-03-12T15:02:00+01:00' 'Check the login form' \
  login_form scenarios .testarena.toml

branch feature/dew-point main
commit 'Tomas Lind' '2025-03-13T13:45:00+01:00' 'Compute the dew point, with tests run by ctest' \
  dew_point .gitignore CMakeLists.txt src tests .testarena.toml

branch broken-manifest main
commit 'Tomas Lind' '2025-03-14T17:59:00+01:00' 'Quickly, before the weekend: shorter time limits' \
  broken_manifest .testarena.toml

git -C "$new" checkout --quiet main
mv "$new" "$target"
