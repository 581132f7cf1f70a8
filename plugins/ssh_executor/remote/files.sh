# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034 # variables that other parts use
# What ssh_executor runs on the machine: keeps its jobs in files, and runs them whether or not anybody is connected.
#
#   sh supervisor.sh ROOT COMMAND ARGUMENT...
#
# Needs a POSIX shell, its usual utilities, setsid and git; uses /proc where there is one. Everything is below ROOT:
#
#   jobs/ID/plan       the job as accepted: shell text made by the host, behind it its record (see plan_text.h)
#   jobs/ID/checkout   the commit's files; there only when whole
#   jobs/ID/begun      id of the boot in which its work began
#   jobs/ID/abort      it is to end;  jobs/ID/failure: why it could not go on;  jobs/ID/ended: nothing more will happen
#   jobs/ID/setup, jobs/ID/runs/N   one supervised process each: started, log, output/, result, abort (this run alone)
#   removed/ID         a tombstone: the id is refused for ever
#   active/ID          lock of the job's supervisor          queue/SEQUENCE=ID    waits for one
#   events             a line with the id for each change of a job
#   slots/N            lock of who runs something            wanting/SEQUENCE=ID  a supervisor that waits for a slot
#
# A lock is a folder with a file named after its owner, PID-START. An owner that is gone holds nothing.
# Answers are lines that begin with `=`, files as they are, and `=done`: without that the answer was cut off.
# shellcheck disable=SC2154 # variables that a plan sets
set -u
umask 077
LC_ALL=C
export LC_ALL
self=$0
root=$1
shift


# --- small things ---

touch_file() { { true >"$1"; } 2>/dev/null; }

read_line() { # FILE: its first line in `line`
  line=
  { IFS= read -r line <"$1"; } 2>/dev/null || [ -n "$line" ]
}

now_us() { # microseconds since 1970 in `us`
  us=$(date +%s%N)
  case $us in
    ???????????????????) us=${us%???} ;;
    *) us=$(date +%s)000000 ;; # no nanoseconds here
  esac
}

clock() { # hundredths of a second in `ticks`, of a clock that nobody sets
  if { read -r ticks line </proc/uptime; } 2>/dev/null; then
    ticks=${ticks%.*}${ticks#*.}
    ticks=${ticks#0}
    ticks=${ticks#0}
  else
    ticks=$(date +%s)00
  fi
}

pause() { sleep "$1" 2>/dev/null || sleep 1; }

boot_id() {
  read_line /proc/sys/kernel/random/boot_id || line=unknown
  boot=$line
}

tell() { # JOB: to whoever waits for changes
  { printf '%s\n' "$1" >>"$root/events"; } 2>/dev/null
}

detach() { # runs a program in a session of its own and does not wait
  # `&` would leave the program with SIGINT and SIGQUIT ignored, for ever; but not every setsid has -f.
  if ! setsid -f "$@"; then setsid "$@" & fi
}
