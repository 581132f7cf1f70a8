# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # what a plan sets, and other parts

# --- processes ---

# What runs of a run: who is in its session or group, who has its output folder in the environment, and their children.
# Who has left all of that behind is not found: a POSIX system has no name for it.
find_processes() { # in `found`
  found=' '
  if [ -d /proc/self ]; then
    # One of these files may be gone when it is its turn.
    tagged=" $(grep -lsF -- "TESTARENA_OUTPUT=$folder/$dir/output" /proc/[0-9]*/environ | tr '\n' ' ')"
    table=
    for stat in /proc/[0-9]*/stat; do
      read_line "$stat" || continue
      pid=${line%% *}
      # shellcheck disable=SC2086 # fields
      set -- ${line##*)}
      if [ $# -lt 20 ]; then # a line break in its name
        line=$(tr '\n' '?' <"$stat" 2>/dev/null) || continue
        # shellcheck disable=SC2086 # fields
        set -- ${line##*)}
        [ $# -ge 20 ] || continue
      fi
      case ${1-Z} in Z | X) continue ;; esac
      table="$table $pid:$2:$3:$4"
      case $tagged in *" /proc/$pid/environ "*) found="$found$pid " ;; esac
    done
  else
    tagged=' '
    table=$(ps -A -o pid= -o ppid= -o pgid= | while read -r pid parent group; do echo "$pid:$parent:$group:$group"; done)
  fi
  changed=1
  while [ -n "$changed" ]; do
    changed=
    for row in $table; do
      pid=${row%%:*}
      row=${row#*:}
      case $found in *" $pid "*) continue ;; esac
      case $found in *" ${row%%:*} "*) match=1 ;; *) match= ;; esac
      case :${row#*:}: in *":$main:"*) [ -n "$main" ] && match=1 ;; esac
      if [ -n "$match" ] && [ "$pid" != $$ ]; then
        found="$found$pid "
        changed=1
      fi
    done
  done
}

kill_all() { # false if something cannot be killed
  passes=0
  while [ "$passes" -lt 100 ]; do
    find_processes
    [ "$found" = ' ' ] && return 0
    # Held first, until nobody new is found: what forks faster than it is killed is never caught otherwise.
    before=
    while [ "$before" != "$found" ] && [ ${#before} -lt 100000 ]; do
      # shellcheck disable=SC2086 # a list
      kill -s STOP $found 2>/dev/null
      before=$found
      find_processes
    done
    # shellcheck disable=SC2086
    kill -s KILL $found 2>/dev/null
    [ "$passes" -lt 5 ] && pause 0.01 || pause 0.1
    passes=$((passes + 1))
  done
  return 1
}
