// SPDX-License-Identifier: Apache-2.0
// The words by which a scenario's name says how the dummy is to treat it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <testarena/types.h>

namespace testarena::dummy_executor {

/// A name is words with `/`, `_` or a space between them; numbers follow a `-`. Words that mean nothing here are
/// ignored, so `smoke/boot_sleep-500ms_fail` sleeps and then fails. Case counts.
///
///   How a run ends (the first one that is there counts; without one it passes):
///     pass               passed
///     fail               failed, exit code 1
///     skip               skipped, exit code 77
///     error              errored, with a reason
///   How long it takes and what it writes:
///     sleep-500ms        that long (ms, s, m); without it, as long as the `latency` of the configuration
///     log-10000          that many lines, `line 1` ..., spread over its time
///     flood              64 MiB of log at once
///     hang               never ends by itself; abort ends it
///   What the job does to those who ask (it is enough that one of its scenarios says so):
///     lose-request       submit: Unavailable, each time, and nothing is accepted
///     lose-answer        submit: accepted, and then Unavailable, the first time
///     deny-again         submit: accepted, and then Unavailable; the second time Denied; then as if nothing had been
///     refuse             submit: Invalid; nothing is accepted
///     slow-submit-2s     submit: answers that much later, or DeadlineExceeded (accepted all the same)
///     forget             unknown as soon as all its runs have ended, as after a restart without memory
///     lie-terminal       told as passed from the first status on; from the second on the truth: an end is taken back
///     hang-status        status: answers only when the call is cancelled or its time is over
///     garbage            status: another job's id, a state without runs, log sizes that shrink; never a crash
///     deaf               abort: says yes and does nothing
struct Script {
  State end = State::passed;
  std::chrono::milliseconds duration{-1};  ///< -1: not said
  int64_t lines = 0;
  bool flood = false;
  bool hang = false;
  bool loseRequest = false;
  bool loseAnswer = false;
  bool denyAgain = false;
  bool refuse = false;
  std::chrono::milliseconds slowSubmit{0};
  bool forget = false;
  bool lieTerminal = false;
  bool hangStatus = false;
  bool garbage = false;
  bool deaf = false;
};

Script readScript(std::string_view name);

/// The log of a run, `elapsed` of `duration` after its start: a prefix of what it is later.
int64_t logSize(const Script& script, std::chrono::milliseconds elapsed, std::chrono::milliseconds duration);

/// [offset, offset + limit) of the whole log of `size` bytes.
std::string logBytes(const Script& script, int64_t offset, int64_t limit, int64_t size);

}  // namespace testarena::dummy_executor
