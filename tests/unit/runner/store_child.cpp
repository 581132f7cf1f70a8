// SPDX-License-Identifier: Apache-2.0
// Writes queues, and says what has been acknowledged: to be killed at any moment.
//   store_child write FOLDER   one after the other, for ever
//   store_child once FOLDER    one, from its beginning to its end
#include <iostream>
#include <unistd.h>

#include "queue_store.h"
#include "queues.h"

int main(int count, char** arguments) {
  using namespace testarena::runner;
  if (count != 3) return 2;
  QueueStore store(std::string(arguments[2]) + "/queues.db");
  if (std::string(arguments[1]) == "once") {
    Queue queue = test::storedQueue();
    store.add(queue);
    std::cout << "added" << std::endl;
    queue.progress.phase = Phase::accepted;
    queue.progress.handle = "handle";
    store.update("7", queue.progress);
    std::cout << "updated" << std::endl;
    queue.progress.removal_asked = true;
    store.markRemoved("7", &queue.progress);
    std::cout << "marked" << std::endl;
    store.erase("7");
    std::cout << "erased" << std::endl;
    _exit(0);
  }
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
