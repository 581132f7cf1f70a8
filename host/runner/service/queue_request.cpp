// SPDX-License-Identifier: Apache-2.0
#include "queue_request.h"

#include <algorithm>
#include <set>

#include <testarena/json.h>
#include <testarena/utf8.h>

#include "json_reader.h"
#include "queue.h"
#include "record_reader.h"

namespace testarena::runner {
namespace {

constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kLongestBody = std::size_t{64} << 20;  // the front takes less
constexpr std::size_t kMostTasks = 10'000;
constexpr int64_t kMostPriority = 1'000'000;
constexpr const char* kIdForm = "1 to 128 of A-Z a-z 0-9 _ . : - that begin with a letter, a digit or _";

std::string shown(std::string_view text) {
  return "'" + cleanUtf8(text.substr(0, 60)) + (text.size() > 60 ? "..." : "") + "'";
}

const std::string& textOf(const Value& value, const std::string& pointer, std::size_t least = 1) {
  if (!value.isText()) throw Invalid("must be a text, not " + std::string(value.kind()), pointer);
  const std::string& text = value.text();
  if (text.size() < least) throw Invalid("must not be empty", pointer);
  if (text.size() > kLongestText) throw Invalid("has more than 1024 bytes", pointer);
  const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(text.begin(), text.end(), isControl)) throw Invalid("holds a control character", pointer);
  return text;
}

void checkId(const std::string& id, const std::string& what, const std::string& pointer) {
  if (!isId(id)) throw Invalid(shown(id) + " cannot be the id of a " + what + ": that is " + kIdForm, pointer);
}

bool isCommit(const std::string& text) {
  const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return (text.size() == 40 || text.size() == 64) && std::all_of(text.begin(), text.end(), isHex);
}

void readTasks(const Value& value, const std::string& pointer, QueueRequest& request) {
  if (!value.isTable()) throw Invalid("must be an object of task ids and scenarios", pointer);
  if (value.table().empty()) throw Invalid("a queue has at least one task", pointer);
  if (value.table().size() > kMostTasks) throw Invalid("a queue has at most 10000 tasks", pointer);
  for (const Value::Member& member : value.table()) {
    const std::string place = pointer + "/" + pointerStep(member.key);
    checkId(member.key, "task", place);
    if (member.key == request.id) throw Invalid("a task cannot have the id of its queue", place);
    request.tasks.push_back({member.key, textOf(member.value, place)});
  }
}

void readRuns(const Value& value, const std::string& pointer, QueueRequest& request) {
  if (!value.isList() || value.list().size() != request.tasks.size()) {
    throw Invalid("must be a list with one element for each of the " + std::to_string(request.tasks.size()) + " tasks",
                  pointer);
  }
  std::set<std::pair<std::string, int64_t>> seen;
  for (std::size_t i = 0; i < value.list().size(); ++i) {
    const std::string place = pointer + "/" + std::to_string(i);
    RecordReader reader(RecordReader::Missing::kept);
    RunRequest run = reader.read<RunRequest>(value.list()[i]);
    if (!reader.problems().empty()) {
      throw Invalid(reader.problems().front().message, place + reader.problems().front().pointer);
    }
    textOf(Value(run.scenario), place + "/scenario");
    textOf(Value(run.path), place + "/path", 0);
    textOf(Value(run.expanded_from), place + "/expanded_from", 0);
    if (run.attempt < 1) throw Invalid("attempts count from 1", place + "/attempt");
    if (!seen.emplace(run.scenario, run.attempt).second) {
      throw Invalid("the scenario " + shown(run.scenario) + " comes twice with the same attempt", place);
    }
    request.runs.push_back(std::move(run));
  }
}

/// What our own clients say beside; what is not known is left alone.
void readExtras(const Value& value, const std::string& pointer, QueueRequest& request) {
  if (!value.isTable()) throw Invalid("must be an object", pointer);
  if (const Value* commit = value.find("commit"); commit != nullptr && !commit->isNull()) {
    request.commit = textOf(*commit, pointer + "/commit", 0);
    if (!request.commit.empty() && !isCommit(request.commit)) {
      throw Invalid("must be the full name of a commit, in lower case", pointer + "/commit");
    }
  }
  if (const Value* user = value.find("user"); user != nullptr && !user->isNull()) {
    request.user = textOf(*user, pointer + "/user", 0);
  }
  if (const Value* priority = value.find("priority"); priority != nullptr && !priority->isNull()) {
    if (!priority->isInteger() || priority->integer() < -kMostPriority || priority->integer() > kMostPriority) {
      throw Invalid("must be a whole number from -1000000 to 1000000", pointer + "/priority");
    }
    request.priority = priority->integer();
  }
  if (const Value* labels = value.find("labels"); labels != nullptr && !labels->isNull()) {
    if (!labels->isList()) throw Invalid("must be a list of texts", pointer + "/labels");
    for (std::size_t i = 0; i < labels->list().size(); ++i) {
      request.labels.push_back(textOf(labels->list()[i], pointer + "/labels/" + std::to_string(i)));
    }
  }
  if (const Value* runs = value.find("runs"); runs != nullptr && !runs->isNull()) {
    readRuns(*runs, pointer + "/runs", request);
  }
}

}  // namespace

std::string QueueRequest::content() const {
  // Objects have no order in JSON, so tasks are compared by their ids; what is said of a task goes with it.
  std::vector<std::size_t> order(tasks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return tasks[a].id < tasks[b].id; });
  std::string text = "[";
  const auto add = [&text](const auto& value) {
    if (text.size() > 1) text += ',';
    appendJson(text, value);
  };
  add(source);
  add(environment);
  add(commit);
  add(user);
  add(priority);
  add(labels);
  for (const std::size_t i : order) {
    add(tasks[i].id);
    add(tasks[i].scenario);
    if (!runs.empty()) add(runs[i]);
  }
  return text + "]";
}

QueueRequest readQueueRequest(std::string_view body) {
  const Value value = parseJson(body, {kLongestBody, 16}, "request");
  if (!value.isTable()) throw Invalid("the body must be a JSON object, not " + std::string(value.kind()));
  QueueRequest request;
  const Value* source = value.find("source");
  if (source == nullptr) throw Invalid("'source' is missing: the branch to run", "/source");
  request.source = textOf(*source, "/source");
  if (value.table().size() != 2) {
    throw Invalid("beside 'source' the body has exactly one member, named by the queue's id; it has " +
                  std::to_string(value.table().size() - 1));
  }
  const Value::Member& queue = value.table()[0].key == "source" ? value.table()[1] : value.table()[0];
  const std::string place = "/" + pointerStep(queue.key);
  checkId(queue.key, "queue", place);
  request.id = queue.key;
  if (!queue.value.isList() || queue.value.list().size() < 2 || queue.value.list().size() > 3) {
    throw Invalid("must be a list: the environment, and an object of task ids and scenarios", place);
  }
  const Value::List& parts = queue.value.list();
  request.environment = textOf(parts[0], place + "/0", 0);
  readTasks(parts[1], place + "/1", request);
  if (parts.size() == 3) readExtras(parts[2], place + "/2", request);
  return request;
}

}  // namespace testarena::runner
