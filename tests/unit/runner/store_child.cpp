// SPDX-License-Identifier: Apache-2.0
// Writes queues for ever, and says what has been acknowledged: to be killed at any moment.
//   store_child write FOLDER
#include <iostream>
#include <unistd.h>

#include "queue_store.h"
#include "queues.h"

int main(int count, char** arguments) {
  using namespace testarena::runner;
  if (count != 3) return 2;
  QueueStore store(std::string(arguments[2]) + "/queues.db");
  int64_t sequence = 0;
  for (const Queue& queue : store.queues()) sequence = std::max(sequence, queue.accepted.sequence);
  for (;;) {
    const std::string id = std::to_string(++sequence) + "-" + std::to_string(getpid());
    Queue queue{test::accepted(id, {"a", "b", "c"}), {}};
    queue.accepted.sequence = sequence;
    store.add(queue);
    std::cout << "added " << id << std::endl;
    queue.progress.phase = Phase::accepted;
    queue.progress.handle = "handle of " + id;
    queue.progress.status.runs = {test::run("a", testarena::State::passed)};
    store.update(id, queue.progress);
    std::cout << "updated " << id << std::endl;
    if (sequence % 3 != 0) continue;
    queue.progress.removal_asked = true;
    store.markRemoved(id, &queue.progress);
    std::cout << "marked " << id << std::endl;
    store.erase(id);
    std::cout << "erased " << id << std::endl;
  }
}
