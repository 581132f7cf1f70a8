// SPDX-License-Identifier: Apache-2.0
// An answer that is given later than its handler returns: a long poll, or a change that takes its time.
#pragma once

#include <functional>
#include <mutex>

#include "response.h"

namespace testarena::http {

/// A connection that waits for its answer. It holds no thread meanwhile, only its own memory. See Response::later.
///
/// Threads: any. One that goes away without an answer is answered with 503. Whoever keeps some gives them before the
/// server stops, which waits for them as for every other request; what is given after that is thrown away.
class PendingAnswer {
 public:
  using Give = std::function<void(Response)>;

  explicit PendingAnswer(Give give) : give_(std::move(give)) {}
  ~PendingAnswer();
  PendingAnswer(const PendingAnswer&) = delete;
  PendingAnswer& operator=(const PendingAnswer&) = delete;

  /// The first answer counts; later ones are thrown away. Streams and further `later` are a 500 here.
  void give(Response response);

 private:
  std::mutex mutex_;
  Give give_;  ///< protected by mutex_; empty once it was used
};

}  // namespace testarena::http
