#!/bin/sh
# The weather station, simulated. station.sh COMMAND
set -eu

version=2.4.1

case ${1:-} in
  boot)
    for part in clock 'temperature sensor' 'humidity sensor' barometer storage; do
      echo "boot: $part ready"
    done
    echo "boot: station $version is up"
    ;;
  version) echo "station $version" ;;
  temperature) # temperature HOUR: degrees Celsius, coldest at five in the morning
    awk -v hour="$2" 'BEGIN { printf "%.1f\n", 9.5 - 6.5 * cos((hour - 5) * 3.14159265 / 12) }'
    ;;
  humidity) # humidity REFERENCE: what the sensor makes of a chamber at REFERENCE percent
    awk -v reference="$2" 'BEGIN { drift = reference > 60 ? (reference - 60) * 0.22 : 0; printf "%.1f\n", reference - drift }'
    ;;
  write_sector) # write_sector NUMBER: one second of flash memory
    sleep 1
    echo "sector $2 written and read back"
    ;;
  *)
    echo "usage: station.sh boot | version | temperature HOUR | humidity REFERENCE | write_sector NUMBER" >&2
    exit 2
    ;;
esac
