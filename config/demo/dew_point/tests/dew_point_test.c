#include "dew_point.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int near(double expected, double temperature, double humidity) {
  const double found = dew_point(temperature, humidity);
  printf("dew point at %.1f °C and %.0f %%: %.2f °C, expected %.2f °C\n", temperature, humidity, found, expected);
  return fabs(found - expected) < 0.1;
}

static int saturated_air(void) {
  return near(20, 20, 100);
}
static int dry_air(void) {
  return near(-17.3, 25, 5);
}
static int frost(void) {
  return near(-6.6, 0, 61);
}
static int known_table(void) {
  return near(9.27, 20, 50) && near(18.0, 30, 48.6) && near(13.9, 25, 50);
}

static int stays_below_the_air(void) {
  for (int temperature = -20; temperature <= 50; temperature++)
    for (int humidity = 1; humidity < 100; humidity++)
      if (dew_point(temperature, humidity) >= temperature) {
        printf("at %d °C and %d %% the dew point is above the air\n", temperature, humidity);
        return 0;
      }
  puts("7,029 pairs, the dew point always stays below the air");
  return 1;
}

int main(int count, char** arguments) {
  const char* name = count > 1 ? arguments[1] : "";
  if (!strcmp(name, "matches_the_old_sensor")) return puts("the old sensor is not attached"), 77;
  if (!strcmp(name, "saturated_air")) return !saturated_air();
  if (!strcmp(name, "dry_air")) return !dry_air();
  if (!strcmp(name, "frost")) return !frost();
  if (!strcmp(name, "known_table")) return !known_table();
  if (!strcmp(name, "stays_below_the_air")) return !stays_below_the_air();
  fprintf(stderr, "there is no test '%s'\n", name);
  return 2;
}
