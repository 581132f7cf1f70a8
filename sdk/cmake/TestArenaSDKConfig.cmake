# SPDX-License-Identifier: Apache-2.0
# find_package(TestArenaSDK 0.1 REQUIRED) gives TestArena::SDK and testarena_add_plugin.
include(${CMAKE_CURRENT_LIST_DIR}/TestArenaSDKTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/TestArenaPlugin.cmake)
