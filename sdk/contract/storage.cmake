# SPDX-License-Identifier: Apache-2.0
# An object library: the tests register themselves, and a linker leaves out of an archive what nobody refers to.
add_library(testarena_contract_storage OBJECT
  storage_contract.cpp
  storage_audit.cpp
  storage_changes.cpp
  storage_concurrency.cpp
  storage_durability.cpp
  storage_intents.cpp
  storage_jobs.cpp
  storage_lists.cpp
  storage_model.cpp
  storage_people.cpp
  storage_random.cpp
  storage_search.cpp
  storage_sessions.cpp
  storage_submissions.cpp
  storage_texts.cpp
  storage_tokens.cpp)
target_include_directories(testarena_contract_storage PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(testarena_contract_storage PUBLIC testarena_sdk GTest::gtest GTest::gmock)
