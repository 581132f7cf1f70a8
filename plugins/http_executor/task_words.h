// SPDX-License-Identifier: Apache-2.0
// What the words of an existing server mean. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <testarena/types.h>

#include "json_value.h"

namespace testarena::http_executor {

enum class QueueState { waiting, running, finished, aborted };

/// A word that is none of the documented ones is `running`: whatever it is, it is not an end.
QueueState queueStateOf(std::string_view word);

/// What an answer says of a task.
struct TaskTold {
  enum class Is {
    waiting,
    running,  ///< or a word that says nothing
    verdict,  ///< `state` is passed or failed
    aborted,
    finished,  ///< without a verdict
  };
  Is is = Is::running;
  State state = State::unknown;
  std::string word;  ///< of the server, for a person
};

class TaskWords {
 public:
  TaskWords() = default;
  /// Throws Invalid with the pointer of the key that is wrong: an empty list, a word that means both.
  TaskWords(std::vector<std::string> fields, const std::vector<std::string>& pass,
            const std::vector<std::string>& fail);

  /// A verdict is believed only of a task that is neither waiting nor running; the case of letters does not matter.
  TaskTold read(const json::Value& status) const;

 private:
  State verdictOf(const json::Value& status) const;

  std::vector<std::string> fields_;
  std::vector<std::string> pass_;  ///< in lower case, as all that they are compared with
  std::vector<std::string> fail_;
};

}  // namespace testarena::http_executor
