# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # what a plan sets, and other parts

# --- what the host asks ---

show_record() { sed '1,/^#record$/d' "$1/plan"; }

durable() { sync "$@" 2>/dev/null || sync; }

command_known() { # JOB
  if [ -e "$root/removed/$1" ]; then
    echo '=removed'
  elif [ -e "$root/jobs/$1/plan" ]; then
    echo '=known'
    show_record "$root/jobs/$1"
  else
    echo '=unknown'
  fi
}

command_submit() { # JOB SIZE SEQUENCE SLOTS; the plan on standard input
  mkdir -p "$root/jobs" "$root/incoming" "$root/removed" "$root/active" "$root/queue" "$root/slots" "$root/wanting" \
    "$root/trash"
  staged=$root/incoming/$1.$$
  cat >"$staged"
  if [ "$(($(wc -c <"$staged")))" -ne "$2" ]; then
    rm -f "$staged"
    echo '=short'
    return
  fi
  if [ -e "$root/removed/$1" ]; then
    rm -f "$staged"
    echo '=removed'
    return
  fi
  mkdir -p "$root/jobs/$1"
  # A link is made once, and is whole from the begin: who makes it has submitted the job.
  if ln "$staged" "$root/jobs/$1/plan" 2>/dev/null; then
    durable "$root/jobs/$1/plan" "$root/jobs/$1" "$root/jobs"
    rm -f "$staged"
    # A removal that came between the two questions has seen no job, and cannot have ended it.
    if [ -e "$root/removed/$1" ]; then
      rm -rf "$root/jobs/$1"
      echo '=removed'
      return
    fi
    mkdir -p "$root/queue/$3=$1"
    pump "$4"
    echo '=accepted'
  else
    rm -f "$staged"
    command_known "$1"
  fi
}

show_run() { # NAME FOLDER
  if [ -e "$2/result" ]; then
    echo "=result $1"
    cat "$2/result"
  elif [ -e "$2/started" ]; then
    echo "=started $1 $(($(wc -c <"$2/log")))"
    cat "$2/started"
  fi
}

command_status() { # SLOTS; on standard input lines `JOB RECORD`, with RECORD yes or no
  while read -r job record; do
    echo "=job $job"
    folder=$root/jobs/$job
    if [ ! -e "$folder/plan" ] || [ -e "$root/removed/$job" ]; then
      echo '=unknown'
      continue
    fi
    if [ "$record" = yes ]; then
      echo '=record'
      show_record "$folder"
    fi
    # Asked first: what is told after it is then the last word.
    if [ -e "$folder/ended" ]; then
      echo '=ended'
    elif ! is_held "$root/active/$job" && { [ -e "$folder/abort" ] || ! is_queued "$job"; }; then
      launch "$job" # its supervisor was killed, or never began
    fi
    if [ -e "$folder/abort" ]; then echo '=abort'; fi
    if [ -e "$folder/begun" ]; then echo '=begun'; fi
    if [ -d "$folder/checkout" ]; then echo '=checkout'; fi
    if [ -e "$folder/failure" ]; then
      echo '=failure'
      cat "$folder/failure"
    fi
    show_run setup "$folder/setup"
    for run in "$folder"/runs/*; do
      [ "$run" = "$folder/runs/*" ] || show_run "${run##*/}" "$run"
    done
  done
  pump "$1"
}

command_log() { # JOB WHICH BLOCK COUNT, in blocks of 4096 bytes: a line, then bytes as they are
  folder=$root/jobs/$1
  if [ ! -e "$folder/plan" ] || [ -e "$root/removed/$1" ]; then
    echo '=unknown'
    return
  fi
  place_of "$2"
  file=$folder/$dir/log
  if [ -e "$folder/$dir/result" ]; then
    echo "=final $(sed -n 's/^log_bytes //p' "$folder/$dir/result")"
  elif [ -e "$folder/ended" ]; then
    echo '=final 0'
  else
    echo '=growing'
  fi
  if [ -e "$file" ] && [ "$4" -gt 0 ]; then dd "if=$file" bs=4096 "skip=$3" "count=$4" 2>/dev/null; fi
}

command_abort() { # JOB
  folder=$root/jobs/$1
  if [ ! -e "$folder/plan" ] || [ -e "$root/removed/$1" ]; then
    echo '=unknown'
    return
  fi
  if [ ! -e "$folder/ended" ]; then
    if ! touch_file "$folder/abort"; then
      echo '=unwritable'
      return
    fi
    is_held "$root/active/$1" || launch "$1"
  fi
  echo '=known'
}

command_abort_run() { # JOB WHICH
  job=$1
  folder=$root/jobs/$1
  if [ ! -e "$folder/plan" ] || [ -e "$root/removed/$1" ] || ! cd "$folder"; then
    echo '=unknown'
    return
  fi
  place_of "$2"
  mkdir -p "$dir/output"
  if ! touch_file "$dir/abort"; then
    echo '=unwritable'
    return
  fi
  # One that has not begun never will: it ends here, in the place of the watcher that it would have had.
  if [ ! -e "$dir/charged" ] && take "$dir/watcher"; then
    if [ ! -e "$dir/charged" ]; then
      touch_file "$dir/charged"
      now_us
      started_us=
      bytes=0
      write_result aborted 0 0 ''
    fi
    release "$dir/watcher"
  fi
  echo '=known'
}

command_remove() { # JOB SECONDS
  mkdir -p "$root/removed" "$root/trash" "$root/active"
  if ! touch_file "$root/removed/$1"; then
    echo '=unwritable'
    return
  fi
  durable "$root/removed/$1" "$root/removed"
  folder=$root/jobs/$1
  clock
  until_ticks=$((ticks + $2 * 100))
  while [ -e "$folder/plan" ] && { [ ! -e "$folder/ended" ] || is_held "$root/active/$1"; }; do
    touch_file "$folder/abort"
    is_held "$root/active/$1" || launch "$1"
    clock
    if [ "$ticks" -ge "$until_ticks" ]; then
      echo '=busy'
      return
    fi
    pause 0.05
  done
  for place in "$root/queue/"*"=$1"; do
    if [ -d "$place" ]; then rmdir "$place"; fi
  done
  if [ -d "$folder" ]; then mv "$folder" "$root/trash/$1.$$"; fi
  chmod -R u+rwx "$root/trash" 2>/dev/null # a test may have locked its own folders
  rm -rf "$root/trash/$1".* 2>/dev/null
  if [ -e "$root/trash/$1.$$" ]; then echo '=busy'; else echo '=removed'; fi
}

command_health() {
  used=0
  for lock in "$root"/slots/*; do
    if is_held "$lock"; then used=$((used + 1)); fi
  done
  queued=0
  for place in "$root"/queue/* "$root"/wanting/*; do
    if [ -d "$place" ]; then queued=$((queued + 1)); fi
  done
  version=$(in_git version 2>/dev/null)
  for tool in setsid git; do
    if ! command -v "$tool" >/dev/null; then echo "=missing $tool"; fi
  done
  mkdir -p "$root" 2>/dev/null
  if [ ! -w "$root" ]; then echo '=unwritable'; fi
  echo "=used $used"
  echo "=queued $queued"
  echo "=version $version"
}

what=$1
shift
case $what in
  job) supervise "$@" ;;
  run) watch_run "$@" ;;
  wrap) wrap_run "$@" ;;
  exec) exec_run "$@" ;;
  known | submit | status | log | abort | abort_run | remove | health)
    who_am_i
    "command_$what" "$@"
    # Behind the bytes of a log nothing may come.
    if [ "$what" != log ]; then echo '=done'; fi
    ;;
  *)
    echo "no such command: $what" >&2
    exit 2
    ;;
esac
