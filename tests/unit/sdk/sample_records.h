// SPDX-License-Identifier: Apache-2.0
// Records with a field of every kind.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <testarena/record.h>

namespace testarena::samples {

TA_ENUM(Colour, unknown, red, green)

struct Point {
  std::int64_t x = 0;
  std::int64_t y = 7;
  TA_FIELDS(x, y)
};

struct Sample {
  bool flag = false;
  std::int64_t number = 1;
  double ratio = 0.5;
  std::string text = "default";
  Colour colour = Colour::red;
  Time at{};
  std::chrono::milliseconds pause{250};
  std::optional<std::int64_t> maybe = 5;
  Point point;
  std::vector<Point> points;
  std::map<std::string, std::string> labels;
  std::optional<Point> place;
  Bytes data;
  TA_FIELDS(flag, number, ratio, text, colour, at, pause, maybe, point, points, labels, place, data)
};

/// A record inside itself.
struct Tree {
  std::string name;
  std::vector<Tree> children;
  TA_FIELDS(name, children)
};

struct Blob {
  std::int64_t offset = 0;
  Bytes data;
  TA_FIELDS(offset, data)
};

struct Blobs {
  std::vector<Blob> parts;
  TA_FIELDS(parts)
};

/// Its blob ends the record, but not the message.
struct BlobThenNumber {
  Blob blob;
  std::int64_t after = 0;
  TA_FIELDS(blob, after)
};

inline Sample fullSample() {
  Sample sample;
  sample.flag = true;
  sample.number = -1234567890123;
  sample.ratio = 12.642857142857142;
  sample.text = "Grüße, 世界 \"quoted\"\n";
  sample.colour = Colour::green;
  sample.at = Time(std::chrono::microseconds(1'700'000'000'123'456));
  sample.pause = std::chrono::milliseconds(90'000);
  sample.maybe = std::nullopt;
  sample.point = {-1, 1 << 20};
  sample.points = {{1, 2}, {3, 4}, {-33, 65536}};
  sample.labels = {{"os", "debian12"}, {"simulator", "verilator"}};
  sample.place = Point{8, 9};
  sample.data = Bytes(std::string("\0\xFF\x80", 3));
  return sample;
}

}  // namespace testarena::samples
