// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "statement.h"

namespace Poco::Data {
class Session;
}

namespace testarena::sql {

/// A statement on any Poco::Data session. Throws what Poco throws.
class PocoStatement final : public Statement {
 public:
  /// `sql` is already in the session's dialect.
  PocoStatement(Poco::Data::Session& session, const std::string& sql);
  ~PocoStatement() override;

  void bindNull(std::size_t place) override;
  void bindInteger(std::size_t place, std::int64_t value) override;
  void bindText(std::size_t place, std::string_view value) override;
  std::int64_t execute(const std::function<void(Row&)>& visit) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace testarena::sql
