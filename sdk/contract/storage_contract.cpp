// SPDX-License-Identifier: Apache-2.0
#include "storage_contract.h"

#include <algorithm>

namespace testarena::contract {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StorageContract);

void StorageContract::SetUp() {
  home_ = GetParam().make();
  reopen();
}

void StorageContract::TearDown() {
  storage_.reset();
  home_.reset();
}

void StorageContract::reopen() {
  storage_.reset();
  storage_ = home_->connect();
  storage_->open({}, call_);
}

NewJob StorageContract::wish(const std::string& user, const std::vector<std::string>& scenarios) {
  NewJob wish;
  wish.user = user;
  wish.environment = "lab-1";
  wish.branch = "main";
  wish.commit = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";
  wish.created_at = at(++wishes_);
  for (const std::string& scenario : scenarios) wish.runs.push_back({scenario, "tests/" + scenario + ".sh", 1, ""});
  wish.audit = audit("job.submit");
  wish.audit.actor = user;
  return wish;
}

Job StorageContract::submit(const NewJob& wish) {
  const CreatedJob created = storage().create_job(wish, call());
  EXPECT_EQ(created.creation, Creation::created);
  return created.job;
}

Job StorageContract::job(std::int64_t id) {
  return storage().get_job({id, false}, call());
}
Job StorageContract::anyJob(std::int64_t id) {
  return storage().get_job({id, true}, call());
}

bool StorageContract::isThere(std::int64_t id) {
  try {
    job(id);
    return true;
  } catch (const NotFound&) {
    return false;
  }
}

bool StorageContract::isForgotten(std::int64_t id) {
  try {
    anyJob(id);
    return false;
  } catch (const NotFound&) {
    return true;
  }
}

JobUpdate StorageContract::changeOf(const Job& job) {
  JobUpdate update;
  update.id = job.row.id;
  update.revision = job.row.revision;
  update.state = job.row.state;
  update.reason = job.row.reason;
  update.started_at = job.row.started_at;
  update.finished_at = job.row.finished_at;
  update.progress = job.progress;
  return update;
}

Job StorageContract::finish(std::int64_t id, State state, Phase phase) {
  const Job was = anyJob(id);
  JobUpdate update = changeOf(was);
  update.state = state;
  update.started_at = at(100);
  update.finished_at = at(200);
  update.progress.phase = phase;
  for (testarena::Run run : was.runs) {
    if (hasEnded(run.state)) continue;
    run.state = state;
    run.started_at = at(100);
    run.finished_at = at(200);
    update.runs.push_back(run);
  }
  storage().update_job(update, call());
  return anyJob(id);
}

IntentAnswer StorageContract::ask(std::int64_t id, Intent intent, const std::string& reason) {
  IntentRequest request;
  request.id = id;
  request.intent = intent;
  request.reason = reason;
  request.audit = audit(intent == Intent::abort ? "job.abort" : "job.delete");
  return storage().request_intent(request, call());
}

std::vector<std::int64_t> StorageContract::idsOf(const std::vector<JobRow>& rows) {
  std::vector<std::int64_t> ids;
  for (const JobRow& row : rows) ids.push_back(row.id);
  return ids;
}

std::vector<std::int64_t> StorageContract::listed(const JobQuery& query) {
  return idsOf(storage().list_jobs(query, call()).jobs);
}

std::vector<std::int64_t> StorageContract::listedPageByPage(JobQuery query) {
  std::vector<std::int64_t> all;
  for (;;) {
    const JobPage page = storage().list_jobs(query, call());
    const std::vector<std::int64_t> ids = idsOf(page.jobs);
    all.insert(all.end(), ids.begin(), ids.end());
    if (!page.next) return all;
    query.after = page.next;
  }
}

User StorageContract::person(const std::string& username) {
  User user;
  user.username = username;
  user.display_name = "The person " + username;
  user.mail = username + "@example.org";
  user.role = Role::user;
  user.source = "local_authenticator";
  user.created_at = at(1);
  return user;
}

void StorageContract::disable(const std::string& username) {
  User user = storage().get_user({username}, call());
  user.enabled = false;
  storage().update_user({user, audit("user.disable")}, call());
}

Session StorageContract::session(const std::string& id, const std::string& username) {
  Session session;
  session.id = id;
  session.username = username;
  session.csrf_token = "csrf of " + id;
  session.address = "192.0.2.7";
  session.user_agent = "a browser";
  session.created_at = at(1);
  session.used_at = at(2);
  session.expires_at = at(1000);
  return session;
}

Token StorageContract::token(const std::string& id, const std::string& username) {
  Token token;
  token.id = id;
  token.digest = "digest of " + id;
  token.username = username;
  token.name = "for the nightly job";
  token.created_at = at(1);
  return token;
}

Audit StorageContract::audit(const std::string& action) {
  return {at(5), "anna", "192.0.2.7", action, "subject of " + action, "detail of " + action};
}

std::vector<Audit> StorageContract::audits() {
  std::vector<Audit> all;
  AuditRequest request;
  for (;;) {
    const AuditPage page = storage().list_audit(request, call());
    for (const AuditEntry& entry : page.entries) all.push_back(entry.audit);
    if (!page.next) break;
    request.after = page.next;
  }
  std::reverse(all.begin(), all.end());
  return all;
}

}  // namespace testarena::contract
