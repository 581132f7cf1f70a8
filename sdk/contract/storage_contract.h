// SPDX-License-Identifier: Apache-2.0
// The contract of testarena::Storage as a test suite. An implementation passes all of it or is none.
//
//     INSTANTIATE_TEST_SUITE_P(MyStorage, StorageContract, testing::Values(StorageFactory{"my", makeHome}));
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/json.h>
#include <testarena/storage.h>

namespace testarena::contract {

/// A place for a storage: empty at first, gone when this object is.
class StorageHome {
 public:
  virtual ~StorageHome() = default;
  /// An instance on this place; the one before has ended. `open` has not been called yet.
  virtual std::unique_ptr<Storage> connect() = 0;
};

struct StorageFactory {
  std::string name;
  std::function<std::unique_ptr<StorageHome>()> make;
};

inline std::ostream& operator<<(std::ostream& out, const StorageFactory& factory) {
  return out << factory.name;
}

/// A time of the tests' own: so many seconds after a fixed moment. Storages keep microseconds, so it has some.
inline Time at(std::int64_t seconds) {
  return Time(std::chrono::seconds(1'700'000'000 + seconds) + std::chrono::microseconds(123'456));
}

/// Records as text, so that a test that fails shows what differs.
template <class Record>
std::string shown(const Record& record) {
  return toJson(record);
}

class StorageContract : public testing::TestWithParam<StorageFactory> {
 protected:
  void SetUp() override;
  void TearDown() override;

  Storage& storage() { return *storage_; }

  /// One call for all operations of a test; it has minutes.
  Call& call() { return call_; }

  /// Ends the instance and makes another on the same place.
  void reopen();

  // ---- Jobs ----

  /// What a person asks for; two scenarios unless told otherwise.
  NewJob wish(const std::string& user = "anna", const std::vector<std::string>& scenarios = {"boot", "sleep"});
  Job submit(const NewJob& wish);
  std::int64_t submitFor(const std::string& user) { return submit(wish(user)).row.id; }
  Job job(std::int64_t id);           ///< as people see it
  Job anyJob(std::int64_t id);        ///< as the reconciler sees it
  bool isThere(std::int64_t id);      ///< for people
  bool isForgotten(std::int64_t id);  ///< also for the reconciler

  /// The change that the reconciler computes from `job`: nothing different yet.
  static JobUpdate changeOf(const Job& job);
  /// Ends the job with all its runs, and closes it.
  Job finish(std::int64_t id, State state, Phase phase = Phase::closed);
  IntentAnswer ask(std::int64_t id, Intent intent, const std::string& reason = {});
  Job remove(std::int64_t id) { return ask(id, Intent::remove).job; }
  void purge(std::int64_t id) { storage().purge_job({id, true}, call()); }

  std::vector<std::int64_t> listed(const JobQuery& query);     ///< one page
  std::vector<std::int64_t> listedPageByPage(JobQuery query);  ///< all pages
  static std::vector<std::int64_t> idsOf(const std::vector<JobRow>& rows);
  std::int64_t dataRevision() { return storage().data_revision({}, call()).revision; }

  // ---- People ----

  static User person(const std::string& username);
  void createUser(const std::string& username) { createUser(person(username)); }
  void createUser(const User& user) { storage().create_user({user, audit("user.create")}, call()); }
  void disable(const std::string& username);
  static Session session(const std::string& id, const std::string& username);
  void logIn(const std::string& id, const std::string& username) {
    storage().create_session(session(id, username), call());
  }
  bool isLoggedIn(const std::string& id) { return storage().get_session({id}, call()).found; }
  static Token token(const std::string& id, const std::string& username);

  // ---- Audit ----

  static Audit audit(const std::string& action);
  std::vector<Audit> audits();  ///< all, oldest first
  std::size_t auditCount() { return audits().size(); }

 private:
  Call call_{std::chrono::minutes(5)};
  std::unique_ptr<StorageHome> home_;
  std::unique_ptr<Storage> storage_;
  std::int64_t wishes_ = 0;
};

}  // namespace testarena::contract
