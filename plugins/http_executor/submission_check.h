// SPDX-License-Identifier: Apache-2.0
// What can be no job at all, before any server is asked.
#pragma once

#include <string>

#include <testarena/executor.h>

namespace testarena::http_executor {

/// Characters of an id; the server's too.
inline constexpr std::size_t kMostOfAnId = 128;

/// [A-Za-z0-9_][A-Za-z0-9._:-]{0,127}
bool isJobId(const std::string& job);

/// Throws Invalid with the pointer of what is wrong.
void checkJobId(const std::string& job);
void check(const Submission& submission);

}  // namespace testarena::http_executor
