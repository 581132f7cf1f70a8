// SPDX-License-Identifier: Apache-2.0
// What the programs answer whoever has started them.
#pragma once

namespace testarena {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;          ///< something failed at run time
inline constexpr int kExitUsage = 2;           ///< the command line was wrong
inline constexpr int kExitConfiguration = 78;  ///< the configuration is wrong (EX_CONFIG of sysexits.h)

}  // namespace testarena
