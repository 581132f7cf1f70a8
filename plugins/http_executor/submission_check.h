// SPDX-License-Identifier: Apache-2.0
// What can be no job at all, before any server is asked.
#pragma once

#include <string>

#include <testarena/executor.h>

namespace testarena::http_executor {

/// [A-Za-z0-9_][A-Za-z0-9._:-]{0,127}
bool isJobId(const std::string& job);

/// Throws Invalid with the pointer of what is wrong.
void checkJobId(const std::string& job);
void check(const Submission& submission);

/// The id of the task that runs the n-th run of a queue, from 0: <queue>-<n+1>. It is an id like others, so where that
/// would be too long the end of the queue's id gives way to a digest of the whole.
std::string taskOf(const std::string& queue, std::size_t index);

}  // namespace testarena::http_executor
