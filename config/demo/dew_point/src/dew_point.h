#pragma once

/* The temperature in °C at which water condenses, by the Magnus formula; humidity in percent, above 0. */
double dew_point(double temperature, double humidity);
