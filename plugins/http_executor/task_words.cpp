// SPDX-License-Identifier: Apache-2.0
#include "task_words.h"

#include <algorithm>

#include <testarena/error.h>

namespace testarena::http_executor {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto isSpace = [](char c) { return c == ' ' || c == '\t'; };
  while (!result.empty() && isSpace(result.back())) result.pop_back();
  result.erase(result.begin(), std::find_if_not(result.begin(), result.end(), isSpace));
  return result;
}

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string> lowered(const std::vector<std::string>& words, const char* pointer) {
  std::vector<std::string> result;
  for (const std::string& word : words) result.push_back(lower(word));
  if (result.empty() || has(result, "")) throw Invalid("at least one word is needed, and none may be empty", pointer);
  return result;
}

}  // namespace

QueueState queueStateOf(std::string_view word) {
  const std::string plain = lower(word);
  if (plain == "waiting") return QueueState::waiting;
  if (plain == "finished") return QueueState::finished;
  if (plain == "aborted") return QueueState::aborted;
  return QueueState::running;
}

TaskWords::TaskWords(std::vector<std::string> fields, const std::vector<std::string>& pass,
                     const std::vector<std::string>& fail)
    : fields_(std::move(fields)), pass_(lowered(pass, "/pass_words")), fail_(lowered(fail, "/fail_words")) {
  if (fields_.empty() || has(fields_, "")) {
    throw Invalid("at least one field is needed, and none may be empty", "/verdict_fields");
  }
  for (const std::string& word : pass_) {
    if (has(fail_, word))
      throw Invalid("'" + word + "' cannot mean both: it is among the pass_words too", "/fail_words");
  }
}

State TaskWords::verdictOf(const json::Value& status) const {
  for (const std::string& field : fields_) {
    const std::string word = lower(status.word(field).value_or(""));
    if (has(pass_, word)) return State::passed;
    if (has(fail_, word)) return State::failed;
  }
  return State::unknown;
}

TaskTold TaskWords::read(const json::Value& status) const {
  TaskTold told;
  told.word = status.word("status").value_or("");
  const std::string word = lower(told.word);
  if (word == "waiting") {
    told.is = TaskTold::Is::waiting;
  } else if (word == "running") {
    told.is = TaskTold::Is::running;
  } else if (word == "aborted") {
    // Whatever an ended process was rated as: nobody let it come to its verdict.
    told.is = TaskTold::Is::aborted;
  } else if (told.state = verdictOf(status); told.state != State::unknown) {
    told.is = TaskTold::Is::verdict;
  } else if (word == "finished") {
    told.is = TaskTold::Is::finished;
  }
  return told;
}

}  // namespace testarena::http_executor
