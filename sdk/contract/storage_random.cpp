// SPDX-License-Identifier: Apache-2.0
// Random operations on a storage and on the model of one: both must answer the same, under every filter and page size.
#include <cstdlib>
#include <random>

#include "storage_contract.h"
#include "storage_model.h"

namespace testarena::contract {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(engine_); }
  bool one(std::size_t in) { return below(in) == 0; }
  template <class Range>
  const auto& of(const Range& range) {
    return *std::next(std::begin(range), static_cast<std::ptrdiff_t>(below(std::size(range))));
  }

 private:
  std::mt19937_64 engine_;
};

const std::vector<std::string> kUsers{"anna", "Anna", "bert", "berta", "user1", "2", "o'neill", "a%b"};
const std::vector<std::string> kEnvironments{"lab-1", "lab-2", "farm"};
const std::vector<std::string> kBranches{"main", "topic/x", "topic_x"};
const std::vector<std::string> kSearches{"an", "BERT", "1", "2", "17", "%", "_", "'", "nobody", "e"};
const State kStates[] = {State::waiting, State::in_progress, State::passed,
                         State::failed,  State::errored,     State::aborted};
const Phase kPhases[] = {Phase::unsent,     Phase::sending,  Phase::accepted,
                         Phase::collecting, Phase::cleaning, Phase::closed};

JobQuery randomQuery(Dice& dice) {
  JobQuery query;
  if (dice.one(3)) query.q = dice.of(kSearches);
  if (dice.one(3)) query.user = dice.of(kUsers);
  if (dice.one(3)) query.environment = dice.of(kEnvironments);
  if (dice.one(3)) query.branch = dice.of(kBranches);
  if (dice.one(3)) query.state = dice.of(kStates);
  query.limit = 1 + static_cast<std::int64_t>(dice.below(20));
  return query;
}

NewJob randomJob(Dice& dice) {
  NewJob wish;
  wish.user = dice.of(kUsers);
  wish.environment = dice.of(kEnvironments);
  wish.branch = dice.of(kBranches);
  wish.created_at = at(static_cast<std::int64_t>(dice.below(1000)));
  const std::size_t runs = dice.below(4);
  for (std::size_t i = 0; i < runs; ++i) wish.runs.push_back({"s" + std::to_string(i), "", 1, ""});
  return wish;
}

/// A change that the contract allows.
JobUpdate randomUpdate(Dice& dice, const Job& job) {
  JobUpdate update;
  update.id = job.row.id;
  update.revision = job.row.revision;
  update.state = hasEnded(job.row.state) ? job.row.state : dice.of(kStates);
  update.reason = dice.one(2) ? "" : "because";
  if (dice.one(2)) update.started_at = at(1);
  update.progress.phase = dice.of(kPhases);
  if (dice.one(2)) update.progress.sent_at = at(2);
  for (Run run : job.runs) {
    if (dice.one(2)) continue;
    if (!hasEnded(run.state)) run.state = dice.of(kStates);
    run.log_bytes = static_cast<std::int64_t>(dice.below(100));
    update.runs.push_back(run);
  }
  if (dice.one(4)) {
    Run added;
    added.scenario = "extra" + std::to_string(dice.below(3));
    added.attempt = static_cast<std::int64_t>(100 + job.row.revision);
    added.state = State::skipped;
    update.runs.push_back(added);
  }
  if (dice.one(6) && !job.runs.empty()) {
    const Run& gone = dice.of(job.runs);
    bool written = false;
    for (const Run& run : update.runs)
      written = written || (run.scenario == gone.scenario && run.attempt == gone.attempt);
    if (!written) update.obsolete.push_back({gone.scenario, "", gone.attempt, ""});
  }
  return update;
}

std::uint64_t seedOfThisRun() {
  if (const char* given = std::getenv("TESTARENA_SEED")) return std::strtoull(given, nullptr, 10);
  return std::random_device{}();
}

}  // namespace

TEST_P(StorageContract, randomOperationsAnswerLikeTheModel) {
  const std::uint64_t seed = seedOfThisRun();
  std::cout << "TESTARENA_SEED=" << seed << " repeats this run\n";
  SCOPED_TRACE("TESTARENA_SEED=" + std::to_string(seed));
  Dice dice(seed);
  StorageModel model;

  for (int step = 0; step < 600; ++step) {
    const std::size_t kind = model.jobs().empty() ? 0 : dice.below(10);
    if (kind < 3) {
      model.add(submit(randomJob(dice)));
    } else if (kind < 7) {
      const auto& [id, job] = dice.of(model.jobs());
      const JobUpdate update = randomUpdate(dice, job);
      storage().update_job(update, call());
      model.update(update);
      ASSERT_EQ(shown(anyJob(id)), shown(model.jobs().at(id))) << "step " << step;
    } else if (kind < 9) {
      const std::int64_t id = dice.of(model.jobs()).first;
      const Intent intent = dice.one(3) ? Intent::remove : Intent::abort;
      const Job answered = ask(id, intent).job;
      model.intend(id, intent);
      ASSERT_EQ(shown(answered), shown(model.jobs().at(id))) << "step " << step;
    } else {
      const auto& [id, job] = dice.of(model.jobs());
      if (!job.progress.deleted) continue;
      purge(id);
      model.purge(id);
    }
    JobQuery query = randomQuery(dice);
    for (;;) {
      const JobPage page = storage().list_jobs(query, call());
      ASSERT_EQ(shown(page), shown(model.list(query))) << "step " << step << ": " << shown(query);
      if (!page.next) break;
      query.after = page.next;
    }
  }
  for (const std::string& environment : kEnvironments) {
    std::vector<std::int64_t> ids;
    for (const Job& job : storage().open_jobs({environment, 0, 1000}, call()).jobs) ids.push_back(job.row.id);
    EXPECT_EQ(ids, model.open(environment));
  }
}

}  // namespace testarena::contract
