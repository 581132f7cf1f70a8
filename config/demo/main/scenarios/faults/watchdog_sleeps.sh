#!/bin/sh
# Waits for a watchdog that never bites: its time limit of twenty seconds, set in .testarena.toml, ends it.
echo 'The main loop is stopped now; within ten seconds the watchdog has to start the station again.'
while :; do
  sleep 5
  echo 'still waiting for the watchdog'
done
