// SPDX-License-Identifier: Apache-2.0
// The body of POST /queue.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/types.h>

namespace testarena::runner {

/// A post as it came, every part of it on its form; whether what it names exists is another question.
struct QueueRequest {
  struct Task {
    std::string id;
    std::string scenario;  ///< a path or a name
  };

  std::string id;
  std::string source;
  std::string environment;
  std::vector<Task> tasks;
  // What our own clients add.
  std::string commit;  ///< empty: whatever the branch is now
  std::string user;
  int64_t priority = 0;
  std::vector<std::string> labels;
  std::vector<RunRequest> runs;  ///< empty, or one for each task

  /// The same for posts of the same content, however their JSON is spelt.
  std::string content() const;
};

/// Throws Invalid, with the place as pointer, for everything that is not on the form.
QueueRequest readQueueRequest(std::string_view body);

}  // namespace testarena::runner
