# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # what a plan sets, and other parts

# --- the life of one run ---

log_size() { # what counts of it, in `bytes`
  bytes=0
  [ -e "$dir/log" ] && bytes=$(($(wc -c <"$dir/log")))
  if [ "$output_limit" -gt 0 ] && [ "$bytes" -gt "$output_limit" ]; then bytes=$output_limit; fi
}

write_result() { # ENDING EXIT_CODE SIGNAL REASON
  begin_line=
  [ -n "$started_us" ] && begin_line="started_at_us $started_us
"
  write_note "$dir/result" "ending $1
exit_code $2
signal $3
reason $(printf %s "$4" | tr -d '\000-\037\177\134')
${begin_line}finished_at_us $us
log_bytes $bytes"
  tell "$job"
}

check_command() { # PROGRAM...: sets `unfit` if it cannot be run; in the words of local_executor
  unfit=
  program=
  case $1 in
    */*) [ -e "$1" ] && program=$1 ;;
    *)
      rest=$path:
      while [ -n "$rest" ]; do
        candidate=${rest%%:*}/$1
        rest=${rest#*:}
        if [ -f "$candidate" ] && [ -x "$candidate" ]; then
          program=$candidate
          break
        fi
        if [ -z "$program" ] && [ -e "$candidate" ]; then program=$candidate; fi
      done
      ;;
  esac
  if [ -z "$program" ]; then
    unfit="command not found: $1"
  elif [ ! -f "$program" ] || [ ! -x "$program" ]; then
    unfit="cannot run $1: Permission denied"
  else
    line=$(dd "if=$program" bs=128 count=1 2>/dev/null | tr -d '\000' | head -n 1)
    case $line in
      '#!'*)
        # shellcheck disable=SC2086 # words: the interpreter and its arguments
        set -- "$1" ${line#??}
        [ -e "${2-/}" ] || unfit="command not found: $1"
        ;;
    esac
  fi
}

watch_run() { # JOB WHICH SLOT
  job=$1
  which=$2
  slot=$3
  folder=$root/jobs/$job
  cd "$folder" || exit 1
  place_of "$which"
  who_am_i
  take "$dir/watcher" || exit 0
  [ -e "$dir/charged" ] && exit 0 # it was begun before and is not begun twice
  touch_file "$slot/$me"
  touch_file "$dir/charged"
  # shellcheck source=/dev/null
  . ./plan
  touch_file "$dir/log"
  started_us=
  if [ -e abort ] || [ -e "$dir/abort" ]; then
    now_us
    bytes=0
    write_result aborted 0 0 ''
  else
    follow
  fi
  rm -f "$slot/$me"
  rmdir "$slot" 2>/dev/null
  release "$dir/watcher"
}

follow() { # one process, from its start to its result
  now_us
  started_us=$us
  write_note "$dir/started" "started_at_us $us" || :
  tell "$job"
  clock
  start_ticks=$ticks
  limit_ms=0
  unfit=
  cd checkout && "command_$which" check_command
  cd "$folder" || exit 1
  if [ -n "$unfit" ]; then
    started_us=
    bytes=0
    write_result not_runnable 0 0 "$unfit"
    return
  fi
  detach sh "$self" "$root" wrap "$job" "$which" </dev/null >/dev/null 2>>trouble
  cause=
  why=
  turns=0
  main=
  while :; do
    if [ -z "$main" ] && read_line "$dir/main"; then main=$line; fi
    if [ -e "$dir/code" ]; then
      if [ -z "$cause" ]; then break; fi # first, so that a verdict that is there wins over an abort
      kill -s 0 -- "-$main" 2>/dev/null || break
    fi
    clock
    if [ -n "$cause" ]; then
      [ "$ticks" -ge "$kill_at" ] && break
    else
      if [ -e abort ] || [ -e "$dir/abort" ]; then
        cause=aborted
      elif [ "$limit_ms" -gt 0 ] && [ $(((ticks - start_ticks) * 10)) -ge "$limit_ms" ]; then
        cause=time_limit
      elif [ -e "$dir/written" ] && [ ! -e "$dir/code" ]; then
        judge_writer
      elif [ "$turns" -ge 20 ] && ! is_wrapped && [ ! -e "$dir/code" ]; then
        cause=lost
      fi
      if [ -n "$cause" ]; then
        kill_at=$((ticks + grace_ms / 10))
        [ -n "$main" ] && kill -s TERM -- "-$main" 2>/dev/null
      fi
    fi
    if [ "$turns" -lt 20 ]; then pause 0.02; elif [ "$turns" -lt 60 ]; then pause 0.05; else pause 0.2; fi
    turns=$((turns + 1))
  done
  if [ -z "$main" ] && read_line "$dir/main"; then main=$line; fi
  now_us
  finished_us=$us
  # Also after an end by itself: what a test leaves running would disturb the next one.
  note=
  kill_all || note='some of its processes cannot be killed and are still there'
  turns=0
  until [ -e "$dir/written" ] || [ "$turns" -ge 100 ] || ! is_wrapped; do
    pause 0.02
    turns=$((turns + 1))
  done
  if [ -z "$cause" ]; then judge_writer; fi
  keep_files
  us=$finished_us
  log_size
  if [ -n "$cause" ]; then
    write_result "$cause" 0 0 "${why:-$note}"
    return
  fi
  read_line "$dir/code"
  code=$line
  # A shell tells a signal as 128 and its number, and says so in words; but for INT and PIPE, of which it is silent.
  if [ "$code" -gt 128 ] && { [ -s "$dir/notice" ] || [ "$code" -eq 130 ] || [ "$code" -eq 141 ]; }; then
    write_result signalled 0 $((code - 128)) "$note"
  else
    if [ "$code" -eq 0 ]; then touch_file "$dir/passed"; fi
    write_result exited "$code" 0 "$note"
  fi
}

keep_files() { # what the run has written in the checkout and its manifest wants to be kept
  [ -n "${kept_patterns-}" ] || return 0
  rm -rf "$dir/kept.new"
  mkdir "$dir/kept.new" || return 0
  printf '%s\n' "$kept_patterns" >"$dir/patterns"
  total=0
  # Links are neither followed nor copied.
  (cd checkout && find . -type f -newer "$folder/$dir/started") 2>/dev/null | sed 's|^\./||' |
    grep -E -f "$dir/patterns" | head -n 10000 | while IFS= read -r name; do
    size=$(wc -c <"checkout/$name") || continue
    [ $((total + size)) -le 4294967296 ] || continue
    total=$((total + size))
    case $name in */*) mkdir -p "$dir/kept.new/${name%/*}" ;; esac
    cp "checkout/$name" "$dir/kept.new/$name"
  done
  mv "$dir/kept.new" "$dir/kept"
}

is_wrapped() { read_line "$dir/wrap" && is_alive "$line"; }

judge_writer() { # did the log take all that came?
  read_line "$dir/written" || line=0
  status=$line
  size=0
  [ -e "$dir/log" ] && size=$(($(wc -c <"$dir/log")))
  if [ "$output_limit" -gt 0 ] && { [ "$size" -gt "$output_limit" ] || { [ "$status" != 0 ] && [ "$size" -eq "$output_limit" ]; }; }; then
    cause=output_limit
  elif [ "$status" != 0 ]; then
    cause=machine
    read_line "$dir/write_errors"
    why="the log could not be written: ${line##*: }"
  fi
}

# The process's output goes through a pipe: the order of its two outputs is kept, and it never has the log itself.
wrap_run() { # JOB WHICH
  job=$1
  which=$2
  folder=$root/jobs/$job
  cd "$folder" || exit 1
  place_of "$which"
  who_am_i
  # shellcheck source=/dev/null
  . ./plan
  printf '%s\n' "$me" >"$dir/wrap"
  {
    # Without a redirection of its own: a shell says there, and not in the log, by which signal it ended.
    setsid sh "$self" "$root" exec "$job" "$which"
    printf '%s\n' $? >"$dir/code.new"
    mv "$dir/code.new" "$dir/code"
  } 2>"$dir/notice" | {
    (
      # In blocks of 512 bytes, and at least one byte more than allowed tells that it was too much.
      [ "$output_limit" -gt 0 ] && ulimit -f $(((output_limit + 511) / 512))
      exec cat >>"$dir/log"
    ) 2>"$dir/write_errors"
    printf '%s\n' $? >"$dir/written.new"
    mv "$dir/written.new" "$dir/written"
  }
}

exec_run() { # JOB WHICH: becomes the process itself, in a session of its own
  job=$1
  which=$2
  folder=$root/jobs/$job
  cd "$folder" || exit 1
  place_of "$which"
  # shellcheck source=/dev/null
  . ./plan
  printf '%s\n' $$ >"$dir/main.new"
  mv "$dir/main.new" "$dir/main"
  { printf 500 >/proc/self/oom_score_adj; } 2>/dev/null # when memory runs out, it is to die and not its supervisor
  # shellcheck disable=SC3045 # beyond POSIX: where a shell has no such limit, there is none
  {
    ulimit -c 0
    ulimit -S -n 1024 # programs that use select() break on more
  } 2>/dev/null
  umask 022
  cd checkout || exit 1
  exec </dev/null 2>&1
  "command_$which" become
}

become() { # PROGRAM...: with nothing in the environment but what is said
  set -- "HOME=$folder/checkout" "TESTARENA_JOB=$job" "TESTARENA_OUTPUT=$folder/$dir/output" "$@"
  if [ "$which" != setup ]; then set -- "TESTARENA_SCENARIO=$scenario" "TESTARENA_ATTEMPT=$attempt" "$@"; fi
  with_variables exec_in "$@"
}

exec_in() { exec env -i "$@"; }
