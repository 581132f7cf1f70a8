// SPDX-License-Identifier: Apache-2.0
// What a job looks like to the server: the body of POST /queue, and the ids in it.
#pragma once

#include <string>

#include <testarena/executor.h>

#include "settings.h"

namespace testarena::http_executor {

/// The id of the task that runs the n-th run of a queue, from 0: <queue>-<n+1>. It is an id like others, so where that
/// would be too long the end of the queue's id gives way to a digest of the whole.
std::string taskOf(const std::string& queue, std::size_t index);

/// {"source": branch, queue: [environment, {task: path, ...}]}; `extra`, JSON, becomes the third element if it is
/// there.
std::string queueBody(const Profile& profile, const Submission& submission, const std::string& extra = {});

}  // namespace testarena::http_executor
