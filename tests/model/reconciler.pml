/* SPDX-License-Identifier: Apache-2.0
 *
 * One job between host and remote, for spin: every order in which calls are lost, answered late, or cut off by the death of
 * the host, with a person who aborts or deletes at any moment. The rows below are those of host/server/reconciler/transitions.cpp;
 * model_test.sh compares them.
 *
 *   -DC3        the remote refuses ids that it knows or ever deleted (level c3)
 *   -DWAIT_OUT  below c3: the host waits until nothing can be under way before it sends again or gives up
 *
 * Checked: the job is accepted at most once; when all is quiet it is closed or purged, nothing runs on the remote that is
 * deleted here, and nothing is stuck.
 */

mtype:phase = { unsent, sending, accepted, collecting, cleaning, closed, purged };
mtype:intent = { run_, abort, remove } /* `run` is a word of the language */;
mtype:action = { submit, close, purge, settle, withdraw, follow, stop, collect, clean, none };

/* Durable: survives the host. */
mtype:phase phase = unsent;
mtype:intent intent = run_;

/* The remote. */
bool known, tombstone, ended;
byte accepted_times;

/* Submissions under way that nobody waits for any more. */
byte under_way;
#define MOST_UNDER_WAY 2

byte faults = 4; /* a fault more changes nothing but the time that the check takes */

mtype:action act;
mtype:phase done, refused, unknown;

#define ROW(p, i, a, d, r, u) :: phase == p && intent == i -> act = a; done = d; refused = r; unknown = u

inline lookUp() {
  if
  ROW(unsent, run_,   submit,   accepted,   closed,   sending);
  ROW(unsent,     abort,  close,    closed,     closed,   unsent);
  ROW(unsent,     remove, purge,    closed,     closed,   unsent);
  ROW(sending, run_,   settle,   accepted,   closed,   sending);
  ROW(sending,    abort,  withdraw, closed,     accepted, sending);
  ROW(sending,    remove, withdraw, cleaning,   accepted, sending);
  ROW(accepted, run_,   follow,   collecting, accepted, accepted);
  ROW(accepted,   abort,  stop,     collecting, accepted, accepted);
  ROW(accepted,   remove, stop,     cleaning,   accepted, accepted);
  ROW(collecting, run_,   collect,  cleaning,   cleaning, collecting);
  ROW(collecting, abort,  collect,  cleaning,   cleaning, collecting);
  ROW(collecting, remove, clean,    closed,     closed,   collecting);
  ROW(cleaning, run_,   clean,    closed,     closed,   cleaning);
  ROW(cleaning,   abort,  clean,    closed,     closed,   cleaning);
  ROW(cleaning,   remove, clean,    closed,     closed,   cleaning);
  ROW(closed, run_,   none,     closed,     closed,   closed);
  ROW(closed,     abort,  none,     closed,     closed,   closed);
  ROW(closed,     remove, purge,    closed,     closed,   closed);
  fi
}

/* A submission reaches the remote. */
inline arrive(wasRefused) {
#ifdef C3
  if
  :: tombstone -> wasRefused = true
  :: !tombstone && known -> skip
  :: else -> known = true; ended = false; accepted_times++
  fi
#else
  known = true; ended = false; accepted_times++
#endif
}

/* Compare-and-set: a person's intent that came meanwhile wins, and the action is decided again. */
inline store(next) {
  if
  :: intent == wanted -> phase = next
  :: else -> skip
  fi
}

inline send() {
  if
  :: atomic {
       arrive(wasRefused);
       if
       :: wasRefused -> store(refused)
       :: else -> store(done)
       fi
     }
  :: atomic { faults > 0 -> faults--; arrive(wasRefused) }                                /* the answer is lost, or the host dies */
  :: atomic { faults > 0 && under_way < MOST_UNDER_WAY -> faults--; under_way++ }         /* it comes later */
  :: atomic { faults > 0 -> faults-- }                                                    /* it never comes */
  fi
}

active proctype host() {
  mtype:intent wanted;
  bool wasRefused, isKnown;
end_idle:
  do
  :: phase == purged -> break
  :: phase == closed && intent != remove ->
end_closed:
     (intent == remove)
  :: !(phase == purged) && !(phase == closed && intent != remove) ->
     d_step { lookUp(); wanted = intent; wasRefused = false }
     if
     :: act == submit ->
        store(sending);                   /* durable before the first byte leaves */
        if
        :: phase == sending -> send()
        :: else
        fi
     :: act == settle ->
#ifdef C3
        send()
#else
        isKnown = known;                  /* asked; the answer takes its time */
        if
        :: isKnown -> atomic { store(done) }
        :: else ->
#ifdef WAIT_OUT
           (under_way == 0 || known || intent != wanted);
           if
           :: under_way == 0 && !known && intent == wanted -> send()
           :: else
           fi
#else
           send()
#endif
        fi
#endif
     :: act == withdraw ->
        isKnown = known;
        if
        :: isKnown -> atomic { store(refused) }
        :: else ->
#ifdef C3
           atomic { known = false; ended = true; tombstone = true };
           atomic { store(done) }
#else
#ifdef WAIT_OUT
           (under_way == 0 || known || intent != wanted);
           if
           :: atomic { under_way == 0 && !known -> store(done) }
           :: else
           fi
#else
           atomic { store(done) }
#endif
#endif
        fi
     :: act == close -> atomic { store(done) }
     :: act == follow ->
        (ended || intent != wanted);
        if
        :: atomic { ended -> store(done) }
        :: else
        fi
     :: act == stop ->
        atomic { ended = true };
        atomic { store(done) }
     :: act == collect -> atomic { store(done) }
     :: act == clean ->
        atomic { known = false; ended = true; tombstone = true };
        if
        :: atomic { intent == remove && wanted == remove -> phase = purged }
        :: else -> atomic { store(done) }
        fi
     :: act == purge -> atomic { intent == wanted -> phase = purged }
     fi
  od
}

active proctype network() {
  bool wasRefused;
end_idle:
  do
  :: atomic { under_way > 0 -> under_way--; wasRefused = false; arrive(wasRefused) }
  :: atomic { under_way > 0 -> under_way-- } /* lost on the way */
  od
}

active proctype remote() {
end_idle:
  do
  :: atomic { known && !ended -> ended = true }
  od
}

active proctype person() {
  if
  :: intent = abort
  :: skip
  fi;
  if
  :: intent = remove
  :: skip
  fi
}

active proctype judge() {
end_idle:
  do
  :: atomic { accepted_times > 1 -> assert(false) }                                           /* once */
  :: atomic { timeout ->
       assert(phase == closed || phase == purged);                                             /* settles */
       assert(!(phase == purged && known));                                                    /* no zombie */
       assert(!(phase == closed && known && !ended));                                          /* nothing runs on unseen */
       break }
  od
}
