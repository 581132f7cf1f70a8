# SPDX-License-Identifier: Apache-2.0
# An object library: the tests register themselves, and a linker leaves out of an archive what nobody refers to.
add_library(testarena_contract_discoverer OBJECT
  discoverer_contract.cpp
  discoverer_branches_contract.cpp
  discoverer_resolve_contract.cpp
  discoverer_scan_contract.cpp)
target_include_directories(testarena_contract_discoverer PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(testarena_contract_discoverer PUBLIC testarena_sdk GTest::gtest)
