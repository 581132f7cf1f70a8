#!/bin/sh
# The logger writes through a dead pointer when the voltage drops: it is ended by a signal.
echo 'voltage 3.3 V: logging'
echo 'voltage 2.1 V: logging'
echo 'voltage 1.4 V: brownout'
kill -s SEGV $$
