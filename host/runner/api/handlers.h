// SPDX-License-Identifier: Apache-2.0
// The handlers of the route table; doc/remote-protocol.md says what each answers.
#pragma once

#include "route.h"

namespace testarena::runner {

// queue_handlers.cpp: what every remote execution server knows
http::Response postQueue(Services&, const Visit&);
http::Response listQueues(Services&, const Visit&);
http::Response showStatus(Services&, const Visit&);
http::Response abortQueueOrTask(Services&, const Visit&);
http::Response deleteQueue(Services&, const Visit&);

// runner_handlers.cpp: what this one adds
http::Response showCapabilities(Services&, const Visit&);
http::Response showStatuses(Services&, const Visit&);
http::Response waitForChanges(Services&, const Visit&);
http::Response listJobs(Services&, const Visit&);
http::Response showHealth(Services&, const Visit&);

// log_handlers.cpp
http::Response readLog(Services&, const Visit&);
http::Response listArtifacts(Services&, const Visit&);
http::Response readArtifact(Services&, const Visit&);

// operation_handlers.cpp
http::Response showLiveness(Services&, const Visit&);
http::Response showReadiness(Services&, const Visit&);
http::Response showMetrics(Services&, const Visit&);
http::Response showPageSettings(Services&, const Visit&);

}  // namespace testarena::runner
