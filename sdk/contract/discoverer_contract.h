// SPDX-License-Identifier: Apache-2.0
// The contract of Discoverer as tests: each sentence of <testarena/discoverer.h> that can be checked from outside.
//
// To have your discoverer checked, make it over a repository that has what DiscovererFacts asks for, and instantiate
// the suite:
//
//     class FarmSubject : public testarena::contract::DiscovererSubject { ... };
//     INSTANTIATE_TEST_SUITE_P(Farm, DiscovererContract, testing::Values(DiscovererCase{"farm", [] {
//       return std::make_unique<FarmSubject>();
//     }}));
//
// and link the program with the CMake target testarena_contract_discoverer.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/discoverer.h>

namespace testarena::contract {

/// What is true of the repository behind the discoverer.
struct DiscovererFacts {
  Branch branch;         ///< one of its branches, as `resolve` has to tell it; `contains` is not looked at
  std::string ancestor;  ///< a commit on that branch, but not its tip
  std::string stranger;  ///< a commit of the repository that is not on that branch

  std::string ambiguous;         ///< a branch of whose name there is a tag too, on another commit; empty: there is none
  std::string ambiguous_commit;  ///< of the branch

  std::vector<std::string> branches;   ///< all of them, sorted; at least three
  std::vector<std::string> scenarios;  ///< on the tip of `branch`, in order; at least two

  std::string broken;       ///< a commit with a mistake in its manifest or a scenario; empty: there is none
  std::string broken_path;  ///< the file with the mistake
  int64_t broken_line = 0;  ///< its line
  std::vector<std::string> broken_scenarios;  ///< what is listed all the same; at least one
};

/// A discoverer with all that it needs. Each test gets a new one.
class DiscovererSubject {
 public:
  virtual ~DiscovererSubject() = default;

  virtual Discoverer& discoverer() = 0;
  virtual const DiscovererFacts& facts() const = 0;

  /// A file that does not exist, and that the hostile names of the tests would make if they reached a shell.
  virtual std::string canary() const = 0;

  /// Adds a commit to the branch of the facts and returns its name; empty: the subject cannot.
  virtual std::string addCommit() { return {}; }

  /// Makes the repository unreachable; false: the subject cannot.
  virtual bool breakRepository() { return false; }
};

struct DiscovererCase {
  std::string name;
  std::function<std::unique_ptr<DiscovererSubject>()> make;
};
inline void PrintTo(const DiscovererCase& which, std::ostream* out) {
  *out << which.name;
}

/// What the tests have in common: the words of the domain.
class DiscovererContract : public testing::TestWithParam<DiscovererCase> {
 protected:
  DiscovererContract();

  Discoverer& discoverer() { return subject_->discoverer(); }
  DiscovererSubject& subject() { return *subject_; }
  const DiscovererFacts& facts() const { return subject_->facts(); }

  Branch resolve(const std::string& branch, const std::string& contains = "");
  Branches branches(const std::string& prefix, int64_t limit = 1000);
  Scan scan(const std::string& commit);
  Health health();

  /// Texts that somebody hostile may type as a branch. Those that no branch can be named by git's own rules, and those
  /// that only a careless program would take for something else than a name.
  std::vector<std::string> impossibleNames() const;
  std::vector<std::string> treacherousNames() const;

  bool canaryExists() const;

  /// Of what a call throws; `ok` if it does not.
  static Code codeOf(const std::function<void()>& call);

 private:
  std::unique_ptr<DiscovererSubject> subject_;
};

}  // namespace testarena::contract
