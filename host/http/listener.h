// SPDX-License-Identifier: Apache-2.0
// The listening socket.
#pragma once

#include <cstdint>
#include <string>

#include "descriptor.h"
#include "ip_address.h"

namespace testarena::http {

/// Listens on one address and accepts, also when the process has no descriptor left.
class Listener {
 public:
  /// `address` is "address:port" or "[v6]:port". Throws Invalid if it is not, Unavailable with the reason if it cannot
  /// be listened on.
  explicit Listener(const std::string& address);

  enum class Result {
    accepted,
    none,            ///< nobody waits
    no_descriptors,  ///< somebody waits and `socket` is a descriptor on loan: say so to them and call giveBack
    failed,          ///< this one is lost; try the next
  };
  struct Accepted {
    Result result = Result::none;
    Descriptor socket;  ///< non-blocking, closed on exec
    IpAddress peer;
  };
  Accepted accept();
  /// Takes the reserve again after no_descriptors; the socket must be closed by then.
  void giveBack();

  void close() { socket_.reset(); }
  int descriptor() const { return socket_.get(); }
  const std::string& address() const { return address_; }
  std::uint16_t port() const { return port_; }

 private:
  Descriptor socket_;
  Descriptor reserve_;  ///< given up to accept one connection when there is no other descriptor
  std::string address_;
  std::uint16_t port_ = 0;
};

/// Raises the soft limit of open files to the hard one; returns the limit.
std::uint64_t raiseDescriptorLimit();

}  // namespace testarena::http
