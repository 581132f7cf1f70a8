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

command_artifacts() { # JOB WHICH: lines `SIZE NAME`, of two with one name the first
  folder=$root/jobs/$1
  if [ ! -e "$folder/plan" ] || [ -e "$root/removed/$1" ]; then
    echo '=unknown'
    return
  fi
  place_of "$2"
  echo '=known'
  for place in "$folder/$dir/output" "$folder/$dir/kept"; do
    [ -d "$place" ] || continue
    # shellcheck disable=SC2016 # for the inner shell
    (cd "$place" && find . -type f ! -name '*
*' -exec sh -c 'for file; do printf "%s %s\n" "$(($(wc -c <"$file")))" "${file#./}"; done' sh {} + 2>/dev/null)
  done | head -n 20000
}

command_artifact() { # JOB WHICH NAME BLOCK COUNT: as for a log
  folder=$root/jobs/$1
  place_of "$2"
  for place in "$folder/$dir/output" "$folder/$dir/kept"; do
    part=$place
    rest=$3
    while [ -n "$rest" ] && [ ! -L "$part" ]; do # through no link
      part=$part/${rest%%/*}
      case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
    done
    if [ -z "$rest" ] && [ -f "$part" ] && [ ! -L "$part" ]; then
      echo "=final $(($(wc -c <"$part")))"
      if [ "$5" -gt 0 ]; then dd "if=$part" bs=4096 "skip=$4" "count=$5" 2>/dev/null; fi
      return
    fi
  done
  echo '=unknown'
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

command_list() { # ids of all jobs
  for folder in "$root"/jobs/*; do
    id=${folder##*/}
    if [ -e "$folder/plan" ] && [ ! -e "$root/removed/$id" ]; then printf '%s\n' "$id"; fi
  done
}

# A cursor is the number of the file of events and how much of it was told. When that file is another one, or the cursor
# none of ours, everything may have changed.
command_changes() { # CURSOR MILLISECONDS
  events=$root/events
  { true >>"$events"; } 2>/dev/null
  if [ "$(($(wc -c <"$events")))" -gt 1048576 ]; then mv "$events" "$events.old" && touch_file "$events"; fi
  file=$(find "$events" -prune -exec ls -i {} + | sed 's/^ *//; s/ .*//')
  size=$(($(wc -c <"$events")))
  case $1 in
    '-') told=$size ;;
    "$file"-*[!0-9]* | "$file"-) told=$((size + 1)) ;;
    "$file"-*) told=${1#*-} ;;
    *) told=$((size + 1)) ;;
  esac
  clock
  until_ticks=$((ticks + ($2 + 9) / 10))
  while [ "$size" -eq "$told" ] && [ "$ticks" -lt "$until_ticks" ]; do
    pause 0.1
    size=$(($(wc -c <"$events")))
    clock
  done
  echo "=cursor $file-$size"
  if [ "$told" -gt "$size" ] 2>/dev/null; then
    command_list
  elif [ "$told" -lt "$size" ]; then
    tail -c "+$((told + 1))" "$events" | sort -u
  fi
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
  known | submit | status | log | artifacts | artifact | abort | abort_run | remove | list | changes | health)
    who_am_i
    "command_$what" "$@"
    # Behind bytes of a file nothing may come.
    case $what in log | artifact) ;; *) echo '=done' ;; esac
    ;;
  *)
    echo "no such command: $what" >&2
    exit 2
    ;;
esac
