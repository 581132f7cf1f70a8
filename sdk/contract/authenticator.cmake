# SPDX-License-Identifier: Apache-2.0
# An object library: the tests register themselves, and a linker leaves out of an archive what nobody refers to.
add_library(testarena_contract_authenticator OBJECT authenticator_contract.cpp authenticator_password_contract.cpp)
target_include_directories(testarena_contract_authenticator PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(testarena_contract_authenticator PUBLIC testarena_sdk GTest::gtest)
