#include "dew_point.h"

#include <math.h>

double dew_point(double temperature, double humidity) {
  const double a = 17.62, b = 243.12;
  const double gamma = log(humidity / 100.0) + a * temperature / (b + temperature);
  return b * gamma / (a - gamma);
}
