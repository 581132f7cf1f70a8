// SPDX-License-Identifier: Apache-2.0
// Poco::Data wants all variables named when a statement is made (`use(a), into(b)`). Here one binding stands for all
// parameters and one extraction for all columns, so that a statement can be kept, given new values and run again, and
// so that rows go straight into records: no RecordSet, no containers of columns.
#include "poco_statement.h"

#include <stdexcept>
#include <variant>
#include <vector>

#include <Poco/Data/AbstractBinding.h>
#include <Poco/Data/AbstractExtraction.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

namespace testarena::sql {
namespace {

using Value = std::variant<Poco::Data::NullData, Poco::Int64, std::string>;

class Parameters final : public Poco::Data::AbstractBinding {
 public:
  Value& at(std::size_t place) {
    if (values_.size() < place) values_.resize(place, Value(Poco::NULL_GENERIC));
    return values_[place - 1];
  }
  bool empty() const { return values_.empty(); }

  std::size_t numOfColumnsHandled() const override { return values_.size(); }
  std::size_t numOfRowsHandled() const override { return 1; }
  bool canBind() const override { return !bound_; }
  void reset() override { bound_ = false; }
  void bind(std::size_t position) override {
    for (const Value& value : values_) {
      std::visit([&](const auto& plain) { getBinder()->bind(position, plain, Poco::Data::AbstractBinder::PD_IN); },
                 value);
      ++position;
    }
    bound_ = true;
  }

 private:
  std::vector<Value> values_;
  bool bound_ = false;
};

class Columns final : public Poco::Data::AbstractExtraction, private Row {
 public:
  void visitWith(const std::function<void(Row&)>* visit) { visit_ = visit; }

  std::size_t numOfColumnsHandled() const override { return 1; }  // whatever there is: nothing follows it
  std::size_t numOfRowsHandled() const override { return 1; }
  std::size_t numOfRowsAllowed() const override { return getLimit(); }
  bool isNull(std::size_t) const override { return false; }  // of the extraction's rows; columns are asked below
  std::size_t extract(std::size_t) override {
    if (visit_ != nullptr && *visit_) (*visit_)(*this);
    return 1;
  }
  Poco::Data::AbstractPreparation::Ptr createPreparation(PreparatorPtr&, std::size_t) override {
    throw std::logic_error("these statements do not prepare their columns");  // only ODBC asks for it
  }

 private:
  bool isNull(std::size_t column) override { return getExtractor()->isNull(column); }
  std::int64_t integer(std::size_t column) override {
    Poco::Int64 value = 0;
    getExtractor()->extract(column, value);
    return value;
  }
  void text(std::size_t column, std::string& into) override {
    if (!getExtractor()->extract(column, into)) into.clear();
  }

  const std::function<void(Row&)>* visit_ = nullptr;
};

}  // namespace

struct PocoStatement::Parts {
  explicit Parts(Poco::Data::Session& session) : statement(session) {}
  Poco::SharedPtr<Parameters> parameters = new Parameters;
  Poco::SharedPtr<Columns> columns = new Columns;
  Poco::Data::Statement statement;
  bool complete = false;
};

PocoStatement::PocoStatement(Poco::Data::Session& session, const std::string& sql)
    : parts_(std::make_unique<Parts>(session)) {
  parts_->statement << sql;
  parts_->statement, Poco::Data::AbstractExtraction::Ptr(parts_->columns);
}

PocoStatement::~PocoStatement() = default;

void PocoStatement::bindNull(std::size_t place) {
  parts_->parameters->at(place) = Poco::NULL_GENERIC;
}

void PocoStatement::bindInteger(std::size_t place, std::int64_t value) {
  parts_->parameters->at(place) = static_cast<Poco::Int64>(value);
}

void PocoStatement::bindText(std::size_t place, std::string_view value) {
  Value& at = parts_->parameters->at(place);
  if (auto* text = std::get_if<std::string>(&at)) {
    text->assign(value);  // keeps its memory
  } else {
    at = std::string(value);
  }
}

std::int64_t PocoStatement::execute(const std::function<void(Row&)>& visit) {
  Parts& parts = *parts_;
  if (!parts.complete && !parts.parameters->empty()) {
    // Poco counts the parameters when it takes the binding, so it gets it once they are known.
    parts.statement, Poco::Data::AbstractBinding::Ptr(parts.parameters);
  }
  parts.complete = true;
  parts.columns->visitWith(&visit);
  const std::size_t rows = parts.statement.execute();
  return static_cast<std::int64_t>(rows);
}

}  // namespace testarena::sql
