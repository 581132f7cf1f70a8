// SPDX-License-Identifier: Apache-2.0
// Which queues changed when, for clients that wait for changes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace testarena::runner {

/// A position in the order of changes, of one life of the runner. Each queue stands in it once, where it changed last:
/// so it never has more entries than there were queues. Not for several threads at once.
class ChangeLog {
 public:
  ChangeLog();

  void changed(const std::string& queue);

  /// What a client is to hand in next time.
  std::string cursor() const;

  /// The queues that changed after a cursor, the latest last; nothing for a cursor of another life, or none at all: its
  /// owner has to look at everything again.
  std::optional<std::vector<std::string>> after(std::string_view cursor) const;

 private:
  const std::string life_;
  int64_t last_ = 0;
  std::map<int64_t, std::string> byPosition_;
  std::unordered_map<std::string, int64_t> positions_;
};

}  // namespace testarena::runner
