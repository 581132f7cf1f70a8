# SPDX-License-Identifier: Apache-2.0
# An object library: the tests register themselves, and a linker leaves out of an archive what nobody refers to.
add_library(testarena_contract_executor OBJECT
  executor_contract.cpp
  executor_abort_contract.cpp
  executor_abort_run_contract.cpp
  executor_changes_contract.cpp
  executor_hostile_contract.cpp
  executor_log_contract.cpp
  executor_remove_contract.cpp
  executor_status_contract.cpp
  executor_submit_contract.cpp)
target_include_directories(testarena_contract_executor PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(testarena_contract_executor PUBLIC testarena_sdk GTest::gtest)
