# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # what a plan sets, and other parts

# --- locks ---

start_of() { # PID: when it began, in `began`; nothing if it is gone
  began=
  if [ ! -d /proc/self ]; then
    kill -0 "$1" 2>/dev/null && began=0
    return
  fi
  read_line "/proc/$1/stat" || return
  # shellcheck disable=SC2086 # words are wanted: the fields behind the name
  set -- ${line##*)}
  case ${1-Z} in Z | X) ;; *) began=${20-} ;; esac
}

is_alive() { # PID-START
  case ${1%%-*} in '' | *[!0-9]*) return 1 ;; esac
  start_of "${1%%-*}"
  [ -n "$began" ] && [ "$began" = "${1#*-}" ]
}

who_am_i() {
  start_of $$
  me=$$-$began
}

is_held() { # LOCK: by somebody alive; takes away what the dead have left
  held=1
  for entry in "$1"/*; do
    [ "$entry" = "$1/*" ] && break
    if is_alive "${entry##*/}"; then held=0; else rm -f "$entry"; fi
  done
  return $held
}

take() { # LOCK
  for turn in 1 2 3; do
    if mkdir "$1" 2>/dev/null && touch_file "$1/$me"; then
      # Between the two, somebody may have taken the empty folder for an abandoned one and a third made it again. Who
      # sees another one beside himself steps back; so never two stay.
      set -- "$1" "$1"/*
      if [ $# -eq 2 ]; then return 0; fi
      rm -f "$1/$me"
      pause "0.0$turn"
      continue
    fi
    is_held "$1" && return 1
    rmdir "$1" 2>/dev/null
  done
  return 1
}

release() { # LOCK
  rm -f "$1/$me"
  rmdir "$1" 2>/dev/null
}
