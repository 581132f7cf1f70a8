// SPDX-License-Identifier: Apache-2.0
// The smallest HTTP client that tests need: sends exactly what it is told, on a connection of its own.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "value.h"

namespace testarena::integration {

struct Answer {
  int status = 0;
  std::multimap<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  std::string header(const std::string& name) const;
  bool hasHeader(const std::string& name) const { return headers.count(name) != 0; }
  /// The body as JSON; a test failure if it is none.
  Value json() const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class HttpClient {
 public:
  /// `address` is "127.0.0.1:8080".
  explicit HttpClient(std::string address) : address_(std::move(address)) {}

  Answer send(std::string_view method, std::string_view target, const Headers& headers = {},
              std::string_view body = {}) const;
  /// Raw bytes out, everything until the server closes in.
  std::string exchange(std::string_view bytes) const;

  const std::string& address() const { return address_; }

 private:
  std::string address_;
};

/// An event stream, read on the caller's thread.
class EventStream {
 public:
  struct Event {
    std::string id;
    std::string name;
    std::string data;
  };

  EventStream(const std::string& address, const std::string& target, const Headers& headers);
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// The next event; `name` is empty when the stream ended or nothing came in time.
  Event next(std::chrono::milliseconds limit = std::chrono::seconds(30));
  /// Whether the server ends the stream within the limit.
  bool ends(std::chrono::milliseconds limit);

 private:
  bool receive(std::chrono::milliseconds limit);

  int socket_ = -1;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace testarena::integration
