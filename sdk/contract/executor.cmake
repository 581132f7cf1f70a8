# SPDX-License-Identifier: Apache-2.0
# Brings its tests as sources: from a library the linker would drop the files that nothing refers to.
add_library(testarena_executor_contract INTERFACE)
target_sources(testarena_executor_contract INTERFACE
  ${CMAKE_CURRENT_LIST_DIR}/executor_abort_contract.cpp
  ${CMAKE_CURRENT_LIST_DIR}/executor_changes_contract.cpp
  ${CMAKE_CURRENT_LIST_DIR}/executor_contract.cpp
  ${CMAKE_CURRENT_LIST_DIR}/executor_hostile_contract.cpp
  ${CMAKE_CURRENT_LIST_DIR}/executor_log_contract.cpp
  ${CMAKE_CURRENT_LIST_DIR}/executor_remove_contract.cpp
  ${CMAKE_CURRENT_LIST_DIR}/executor_status_contract.cpp
  ${CMAKE_CURRENT_LIST_DIR}/executor_submit_contract.cpp)
target_include_directories(testarena_executor_contract INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(testarena_executor_contract INTERFACE TestArena::SDK GTest::gtest)
