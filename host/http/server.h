// SPDX-License-Identifier: Apache-2.0
// The HTTP front: connections, limits, workers. Who may do what, and what is done, is the handler's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "counters.h"
#include "request.h"
#include "response.h"

namespace testarena::http {

class EventHub;

struct ServerOptions {
  std::string listen = "127.0.0.1:0";  ///< address:port, [v6]:port; port 0 picks a free one

  // Who is believed and who is served.
  std::vector<std::string>
      trusted_proxies;  ///< addresses or networks ("10.0.0.0/8") whose X-Forwarded-For and -Proto are believed
  std::vector<std::string>
      hosts;  ///< names in Host that are served, besides addresses and localhost; empty: every well-formed name

  // Sizes.
  std::size_t max_head = 16 * 1024;
  std::size_t max_target = 8 * 1024;
  std::size_t max_fields = 100;
  std::size_t max_body = 1024 * 1024;
  std::size_t max_buffered = 64 * 1024 * 1024;    ///< all incomplete requests together
  std::size_t max_connections = 0;                ///< 0: what the limit of open files allows
  std::size_t max_incomplete_per_address = 1024;  ///< the oldest incomplete one is closed for a new one

  // Times, each for the whole of it and not from byte to byte.
  std::chrono::milliseconds head_time{10'000};
  std::chrono::milliseconds body_grace{5'000};    ///< after this a body must have come with min_body_rate on average
  std::size_t min_body_rate = 1024;               ///< bytes per second
  std::chrono::milliseconds write_stall{10'000};  ///< an answer must move on by min_write_progress within this
  std::size_t min_write_progress = 4096;
  std::chrono::milliseconds keep_alive{75'000};
  std::chrono::milliseconds stop_time{4'000};  ///< how long stop() waits for requests that are being handled

  // Workers.
  std::size_t hot_workers = 0;                    ///< woken without delay; 0: one per processor, at least 2
  std::size_t max_workers = 96;                   ///< so many handlers can be blocked at once
  std::size_t max_queued = 4096;                  ///< requests waiting for a worker; beyond: 503 with Retry-After
  std::chrono::milliseconds worker_idle{30'000};  ///< a worker without work for this long ends

  // Security fields.
  std::string csp_data = "default-src 'none'; frame-ancestors 'none'";
  std::string csp_page =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
      "'self'; manifest-src 'self'; "
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types "
      "'none'";
  std::string csp_download = "sandbox; default-src 'none'; frame-ancestors 'none'";
};

/// Answers one request. Called on a worker's thread, up to max_workers at once; may block. What it throws becomes a
/// problem answer (problem.h).
using Handler = std::function<Response(const Request&)>;

/// One line about something that a person should know.
using LogLine = std::function<void(std::string_view text)>;

/// One answered request, for an access log and metrics. Called on the thread that answered; must not block.
struct Answered {
  const Request& request;
  int status;
  std::size_t body_bytes;
  std::chrono::nanoseconds duration;  ///< from the complete request to the answer handed to the kernel
};

struct ServerCallbacks {
  Handler handler;                                ///< required
  std::function<void(const Answered&)> answered;  ///< optional
  std::function<void(std::string_view request_id, std::string_view text)>
      failed;       ///< the real reason of a 500; optional
  LogLine warning;  ///< out of descriptors and the like; optional
};

/// Owns every connection from accept to close, but event streams, which go to the hub.
///
/// One thread with one epoll owns what is idle, incomplete or being written slowly; a worker gets a request only when
/// head and body are complete and have passed headCheck. So ten thousand idle tabs, half-sent heads or slow readers
/// cost memory but no thread.
class Server {
 public:
  /// Binds and listens; throws Unavailable naming the address if that fails, Invalid for an option that is wrong. `hub`
  /// may be null (then a stream is a 500); it and `counters` must outlive the server. Give the hub the same counters:
  /// its viewers count as connections.
  Server(ServerOptions options, ServerCallbacks callbacks, EventHub* hub = nullptr, Counters* counters = nullptr);
  /// Stops first.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Begins to serve. Connections that came since the constructor wait in the backlog.
  void start();

  /// Stops accepting, waits up to stop_time for requests in hand and answers being written, closes everything. Safe to
  /// call twice, from any thread but a worker.
  void stop();

  /// Where it listens, with the port that was picked: "127.0.0.1:41233", "[::1]:8080".
  const std::string& address() const;
  std::uint16_t port() const;
  const Counters& counters() const;

 private:
  class Front;
  std::unique_ptr<Front> front_;
};

/// While one exists on a worker's thread, that worker counts as blocked, so that another may be woken for the next
/// request at once. For handlers that wait for a database commit or a remote. Does nothing on other threads. (Without
/// it the front notices too, about a millisecond later.)
class BlockingRegion {
 public:
  BlockingRegion();
  ~BlockingRegion();
  BlockingRegion(const BlockingRegion&) = delete;
  BlockingRegion& operator=(const BlockingRegion&) = delete;

 private:
  bool counted_;
};

}  // namespace testarena::http
