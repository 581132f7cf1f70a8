# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # what a plan sets, and other parts

# --- which jobs have a supervisor ---

launch() { # JOB: a supervisor for it, unless it has one
  detach sh "$self" "$root" job "$1" </dev/null >/dev/null 2>>"$root/jobs/$1/trouble"
}

is_queued() { # JOB
  for entry in "$root/queue/"*"=$1"; do
    [ -d "$entry" ] && return 0
  done
  return 1
}

pump() { # SLOTS: as many supervisors as there are slots, for the jobs that came first
  count=0
  for lock in "$root"/active/*; do
    [ "$lock" = "$root/active/*" ] && break
    if is_held "$lock"; then
      count=$((count + 1))
    else
      rmdir "$lock" 2>/dev/null
      other=${lock##*/}
      if [ -e "$root/jobs/$other/plan" ] && [ ! -e "$root/jobs/$other/ended" ]; then launch "$other"; fi
    fi
  done
  for place in "$root"/queue/*; do
    [ "$place" = "$root/queue/*" ] && break
    [ "$count" -lt "$1" ] || break
    other=${place##*=}
    if [ -e "$root/jobs/$other/plan" ]; then launch "$other"; else rmdir "$place" 2>/dev/null; fi
    count=$((count + 1))
  done
}

# --- the life of a job ---

fail_job() { # REASON
  write_note failure "reason $(printf %s "$1" | tr -d '\000-\037\177\134')"
}

write_note() { # FILE LINES: whole or not at all
  until printf '%s\nend\n' "$2" >"$1.new" && mv "$1.new" "$1"; do
    [ -e abort ] && return 1
    sleep 1 # a full disk must not turn a verdict into a loss
  done
}

want_slot() { # sets `slot`; false if the job is to end
  mkdir -p "$root/wanting/$sequence=$job"
  slot=
  while [ ! -e abort ]; do
    if is_first; then
      number=1
      while [ "$number" -le "$slots" ]; do
        if take "$root/slots/$number"; then
          slot=$root/slots/$number
          break 2
        fi
        number=$((number + 1))
      done
    fi
    pause 0.1
  done
  rmdir "$root/wanting/$sequence=$job" 2>/dev/null
  [ -n "$slot" ]
}

is_first() { # nobody who came earlier wants a slot
  for place in "$root"/wanting/*; do
    other=${place##*=}
    [ "$other" = "$job" ] && return 0
    is_held "$root/active/$other" && return 1
    rmdir "$place" 2>/dev/null
  done
  return 0
}

in_git() {
  # The repository may belong to somebody else; nothing of its or our configuration is to have a say.
  env -i "PATH=$PATH" HOME=/nonexistent LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0 \
    git -c "safe.directory=*" "$@"
}

check_out() { # a repository of its own: nothing done there changes the one it comes from
  rm -rf checkout.new
  format=sha1
  [ ${#commit} -eq 64 ] && format=sha256
  source_folder=$(in_git -C "$repository" rev-parse --git-common-dir) || return 1
  source_folder=$(cd "$repository" && cd "$source_folder" && pwd) || return 1
  in_git init --quiet --template= "--object-format=$format" checkout.new || return 1
  mkdir -p checkout.new/.git/info checkout.new/.git/objects/info || return 1
  printf '%s\n' "$source_folder/objects" >checkout.new/.git/objects/info/alternates || return 1
  if [ -e "$source_folder/shallow" ]; then cp "$source_folder/shallow" checkout.new/.git/shallow || return 1; fi
  in_git -C "$repository" for-each-ref '--format=%(objectname) %(refname)' refs/tags >checkout.new/.git/packed-refs ||
    return 1
  (umask 022 && in_git -C checkout.new checkout --quiet --force --detach "$commit") || return 1
  mv checkout.new checkout
}

place_of() { # WHICH: its folder
  case $1 in setup) dir=setup ;; *) dir=runs/$1 ;; esac
}

begin_run() { # WHICH: under a watcher of its own, which takes over the slot
  place_of "$1"
  mkdir -p "$dir/output"
  detach sh "$self" "$root" run "$job" "$1" "$slot" </dev/null >/dev/null 2>>trouble
  waited=0
  until [ -e "$dir/charged" ] || [ "$waited" -ge 300 ]; do
    pause 0.02
    waited=$((waited + 1))
  done
  release "$slot"
}

await_result() { # WHICH
  place_of "$1"
  waited=0
  while [ ! -e "$dir/result" ]; do
    if [ "$waited" -ge 5 ] && ! is_held "$dir/watcher"; then
      [ -e "$dir/result" ] || lose "$1"
    fi
    [ "$waited" -lt 10 ] && pause 0.05 || pause 0.2
    waited=$((waited + 1))
  done
}

lose() { # WHICH: its watcher is gone and has left no result
  place_of "$1"
  main=
  kill_all
  started_us=
  if read_line "$dir/started"; then started_us=${line#started_at_us }; fi
  now_us
  log_size
  if [ -n "$started_us" ]; then
    write_result lost 0 0 ''
  else
    write_result machine 0 0 'its supervisor could not take charge: it was killed'
  fi
}

live() { # everything that is to happen with the job
  boot_id
  [ -e failure ] && return
  if read_line begun && [ "$line" != "$boot" ]; then
    for which in setup $runs; do
      place_of "$which"
      [ -e "$dir/charged" ] && [ ! -e "$dir/result" ] && lose "$which"
    done
    for which in $runs; do
      [ -e "runs/$which/result" ] || { fail_job 'the machine was started again while the job was running' && return; }
    done
    return
  fi
  slot=
  if [ ! -d checkout ]; then
    want_slot || return
    printf '%s\n' "$boot" >begun
    tell "$job"
    if ! check_out 2>git_errors >/dev/null; then
      release "$slot"
      line=$(grep -v '^hint:' git_errors | tail -n 1)
      fail_job "the commit could not be checked out: ${line:-git could not be run}"
      return
    fi
    # Files have been given away only now, so nobody of the account can have put links into them meanwhile.
  fi
  if [ -n "$has_setup" ] && [ ! -e setup/result ]; then
    if [ ! -e setup/charged ]; then
      if [ -z "$slot" ]; then want_slot || return; fi
      begin_run setup
      slot=
    fi
    await_result setup
  fi
  if [ -n "$slot" ]; then release "$slot"; fi
  if [ -n "$has_setup" ] && [ ! -e setup/passed ]; then return; fi
  for which in $runs; do
    place_of "$which"
    if [ -e "$dir/result" ] || [ -e "$dir/charged" ]; then continue; fi
    want_slot || break
    begin_run "$which"
  done
  for which in $runs; do
    place_of "$which"
    if [ -e "$dir/charged" ]; then await_result "$which"; fi
  done
}

supervise() { # JOB
  job=$1
  folder=$root/jobs/$job
  cd "$folder" 2>/dev/null || exit 0
  who_am_i
  take "$root/active/$job" || exit 0
  if [ -e plan ] && [ ! -e ended ]; then
    # shellcheck source=/dev/null
    . ./plan
    rmdir "$root/queue/$sequence=$job" 2>/dev/null
    live
    touch_file ended
    tell "$job"
    release "$root/active/$job"
    cd / || exit 1
    pump "$slots"
  else
    release "$root/active/$job"
  fi
}
