// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <testarena/host.h>
#include <testarena/record.h>

#include "sql_storage.h"

namespace testarena::sqlite {

/// Storage in one file, for one host.
class SqliteStorage final : public sql::SqlStorage {
 public:
  struct Settings {
    std::string path = "testarena.db";  ///< relative to `data`
    std::string data;                   ///< the host's data folder
    TA_FIELDS(path, data)
  };

  SqliteStorage(const Settings& settings, const Host& host);

 private:
  std::unique_ptr<sql::Database> connect() override;

  const std::string path_;
};

}  // namespace testarena::sqlite
