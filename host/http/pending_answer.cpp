// SPDX-License-Identifier: Apache-2.0
#include "pending_answer.h"

#include <utility>

#include "problem.h"

namespace testarena::http {

PendingAnswer::~PendingAnswer() {
  give(problemResponse({503, {}, "The server could not finish this request; ask again.", {}, {}}));
}

void PendingAnswer::give(Response response) {
  Give give;
  {
    const std::lock_guard lock(mutex_);
    give = std::exchange(give_, {});
  }
  if (give) give(std::move(response));
}

}  // namespace testarena::http
