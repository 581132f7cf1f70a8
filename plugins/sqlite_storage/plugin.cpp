// SPDX-License-Identifier: Apache-2.0
#include <testarena/plugin.h>
#include <testarena/storage.h>

#include "sqlite_storage.h"

constexpr char kManifest[] = R"({
  "name": "sqlite_storage",
  "version": "1.0.0",
  "description": "Keeps jobs, people and the audit log in one SQLite file, for one host",
  "interfaces": [{
    "id": "storage/1",
    "max_concurrency": 0,
    "config": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "path": {"type": "string", "default": "testarena.db", "description": "The database file, relative to the data folder"},
        "data": {"type": "string", "x-inherit": true, "description": "The data folder"}
      }
    }
  }]
})";
TESTARENA_PLUGIN(kManifest, TA_OFFER(testarena::Storage, testarena::sqlite::SqliteStorage))
