// SPDX-License-Identifier: Apache-2.0
#include "waiting.h"

#include <testarena/time.h>

namespace testarena::server {
namespace {

/// "14:03:05 UTC": a next try is seconds away, so the day would only be noise.
std::string clockTime(Time time) {
  return formatTime(time).substr(11, 8) + " UTC";
}

std::string nextTry(const std::optional<Time>& time) {
  return time ? "; the next try is at " + clockTime(*time) : "";
}

std::string inBrackets(const std::string& text) {
  return text.empty() ? "" : " (" + text + ")";
}

/// Empty while the environment answers.
std::string outage(const RemoteState& remote) {
  if (remote.state != EnvironmentState::unreachable) return "";
  return "the environment is unreachable" + inBrackets(remote.message) + nextTry(remote.next_try);
}

std::string trouble(const Standing& standing) {
  return standing.trouble.empty() ? "" : standing.trouble + nextTry(standing.next_try);
}

std::string queued(const Health& health) {
  std::string text = "queued on the remote";
  if (health.slots > 0) {
    text += ": " + std::to_string(health.slots_used) + " of " + std::to_string(health.slots) + " slots are in use";
  }
  if (health.queued > 1) text += ", " + std::to_string(health.queued) + " runs wait";
  return text;
}

std::string beingEnded(const JobRow& row, const Standing& standing, const RemoteState& remote) {
  std::string text = row.reason.empty() ? "its end was asked for" : row.reason;
  const auto out = outage(remote);
  if (!out.empty()) return text + "; the remote may not know yet: " + out;
  text += "; waits until the remote has ended it";
  return standing.trouble.empty() ? text : text + ": " + trouble(standing);
}

}  // namespace

std::string reasonShown(const JobRow& row, const Standing& standing, const RemoteState& remote) {
  if (hasEnded(row.state)) return row.reason;
  if (standing.intent != Intent::run) return beingEnded(row, standing, remote);
  const auto out = outage(remote);
  switch (standing.phase) {
    case Phase::unsent:
      if (!out.empty()) return "not sent yet: " + out;
      return standing.trouble.empty() ? "about to be sent" : "not sent yet: " + trouble(standing);
    case Phase::sending:
      if (!out.empty()) return "not accepted yet, and whether it arrived is not known: " + out;
      return standing.trouble.empty() ? "being sent" : "not accepted yet: " + trouble(standing);
    default:
      break;
  }
  const bool waits = row.state == State::waiting;
  const std::string told = row.reason.empty() && waits ? queued(remote.health) : row.reason;
  if (!out.empty()) return (told.empty() ? "" : told + "; ") + "this is what was last heard: " + out;
  if (!standing.trouble.empty()) return (told.empty() ? "" : told + "; ") + trouble(standing);
  return told;
}

std::string reasonShownWithoutEnvironment(const JobRow& row) {
  if (hasEnded(row.state)) return row.reason;
  return "the configuration has no environment " + row.environment +
         " any more: nothing happens until it is there again";
}

}  // namespace testarena::server
