#!/bin/sh
# A day, a reading every 432 milliseconds: 200,000 lines in colours, written as fast as they can be taken.
set -eu

awk 'BEGIN {
  dim = "\033[2m"; green = "\033[32m"; yellow = "\033[33m"; bold_red = "\033[1;31m"; plain = "\033[0m"
  readings = 200000
  for (reading = 0; reading < readings; reading++) {
    second = int(reading * 0.432)
    temperature = 9.5 - 6.5 * cos((second / 3600 - 5) * 3.14159265 / 12)
    colour = temperature < 4 ? yellow : green
    printf "%s%02d:%02d:%02d%s reading %6d  %s%5.2f °C%s  humidity %2d %%\n",
      dim, second / 3600, second / 60 % 60, second % 60, plain, reading, colour, temperature, plain, 50 + reading % 17
    if (reading % 50000 == 49999)
      printf "%sbattery low%s at reading %d: the charger took over\n", bold_red, plain, reading
  }
  print "PASS: " readings " readings, none is missing"
}'
