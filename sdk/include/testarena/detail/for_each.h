// SPDX-License-Identifier: Apache-2.0
// TA_EACH(macro, context, a, b, ...): macro(context, a) macro(context, b) ... for 1 to 64 names.
//
// C++17 cannot override a virtual function by name from a template, so one macro has to walk over the operations of an
// interface. Numbered, because __VA_OPT__, which would make it short, warns under -Wpedantic in C++17.
#pragma once

// clang-format off
#define TA_EACH_1(m, c, x) m(c, x)
#define TA_EACH_2(m, c, x, ...) m(c, x) TA_EACH_1(m, c, __VA_ARGS__)
#define TA_EACH_3(m, c, x, ...) m(c, x) TA_EACH_2(m, c, __VA_ARGS__)
#define TA_EACH_4(m, c, x, ...) m(c, x) TA_EACH_3(m, c, __VA_ARGS__)
#define TA_EACH_5(m, c, x, ...) m(c, x) TA_EACH_4(m, c, __VA_ARGS__)
#define TA_EACH_6(m, c, x, ...) m(c, x) TA_EACH_5(m, c, __VA_ARGS__)
#define TA_EACH_7(m, c, x, ...) m(c, x) TA_EACH_6(m, c, __VA_ARGS__)
#define TA_EACH_8(m, c, x, ...) m(c, x) TA_EACH_7(m, c, __VA_ARGS__)
#define TA_EACH_9(m, c, x, ...) m(c, x) TA_EACH_8(m, c, __VA_ARGS__)
#define TA_EACH_10(m, c, x, ...) m(c, x) TA_EACH_9(m, c, __VA_ARGS__)
#define TA_EACH_11(m, c, x, ...) m(c, x) TA_EACH_10(m, c, __VA_ARGS__)
#define TA_EACH_12(m, c, x, ...) m(c, x) TA_EACH_11(m, c, __VA_ARGS__)
#define TA_EACH_13(m, c, x, ...) m(c, x) TA_EACH_12(m, c, __VA_ARGS__)
#define TA_EACH_14(m, c, x, ...) m(c, x) TA_EACH_13(m, c, __VA_ARGS__)
#define TA_EACH_15(m, c, x, ...) m(c, x) TA_EACH_14(m, c, __VA_ARGS__)
#define TA_EACH_16(m, c, x, ...) m(c, x) TA_EACH_15(m, c, __VA_ARGS__)
#define TA_EACH_17(m, c, x, ...) m(c, x) TA_EACH_16(m, c, __VA_ARGS__)
#define TA_EACH_18(m, c, x, ...) m(c, x) TA_EACH_17(m, c, __VA_ARGS__)
#define TA_EACH_19(m, c, x, ...) m(c, x) TA_EACH_18(m, c, __VA_ARGS__)
#define TA_EACH_20(m, c, x, ...) m(c, x) TA_EACH_19(m, c, __VA_ARGS__)
#define TA_EACH_21(m, c, x, ...) m(c, x) TA_EACH_20(m, c, __VA_ARGS__)
#define TA_EACH_22(m, c, x, ...) m(c, x) TA_EACH_21(m, c, __VA_ARGS__)
#define TA_EACH_23(m, c, x, ...) m(c, x) TA_EACH_22(m, c, __VA_ARGS__)
#define TA_EACH_24(m, c, x, ...) m(c, x) TA_EACH_23(m, c, __VA_ARGS__)
#define TA_EACH_25(m, c, x, ...) m(c, x) TA_EACH_24(m, c, __VA_ARGS__)
#define TA_EACH_26(m, c, x, ...) m(c, x) TA_EACH_25(m, c, __VA_ARGS__)
#define TA_EACH_27(m, c, x, ...) m(c, x) TA_EACH_26(m, c, __VA_ARGS__)
#define TA_EACH_28(m, c, x, ...) m(c, x) TA_EACH_27(m, c, __VA_ARGS__)
#define TA_EACH_29(m, c, x, ...) m(c, x) TA_EACH_28(m, c, __VA_ARGS__)
#define TA_EACH_30(m, c, x, ...) m(c, x) TA_EACH_29(m, c, __VA_ARGS__)
#define TA_EACH_31(m, c, x, ...) m(c, x) TA_EACH_30(m, c, __VA_ARGS__)
#define TA_EACH_32(m, c, x, ...) m(c, x) TA_EACH_31(m, c, __VA_ARGS__)
#define TA_EACH_33(m, c, x, ...) m(c, x) TA_EACH_32(m, c, __VA_ARGS__)
#define TA_EACH_34(m, c, x, ...) m(c, x) TA_EACH_33(m, c, __VA_ARGS__)
#define TA_EACH_35(m, c, x, ...) m(c, x) TA_EACH_34(m, c, __VA_ARGS__)
#define TA_EACH_36(m, c, x, ...) m(c, x) TA_EACH_35(m, c, __VA_ARGS__)
#define TA_EACH_37(m, c, x, ...) m(c, x) TA_EACH_36(m, c, __VA_ARGS__)
#define TA_EACH_38(m, c, x, ...) m(c, x) TA_EACH_37(m, c, __VA_ARGS__)
#define TA_EACH_39(m, c, x, ...) m(c, x) TA_EACH_38(m, c, __VA_ARGS__)
#define TA_EACH_40(m, c, x, ...) m(c, x) TA_EACH_39(m, c, __VA_ARGS__)
#define TA_EACH_41(m, c, x, ...) m(c, x) TA_EACH_40(m, c, __VA_ARGS__)
#define TA_EACH_42(m, c, x, ...) m(c, x) TA_EACH_41(m, c, __VA_ARGS__)
#define TA_EACH_43(m, c, x, ...) m(c, x) TA_EACH_42(m, c, __VA_ARGS__)
#define TA_EACH_44(m, c, x, ...) m(c, x) TA_EACH_43(m, c, __VA_ARGS__)
#define TA_EACH_45(m, c, x, ...) m(c, x) TA_EACH_44(m, c, __VA_ARGS__)
#define TA_EACH_46(m, c, x, ...) m(c, x) TA_EACH_45(m, c, __VA_ARGS__)
#define TA_EACH_47(m, c, x, ...) m(c, x) TA_EACH_46(m, c, __VA_ARGS__)
#define TA_EACH_48(m, c, x, ...) m(c, x) TA_EACH_47(m, c, __VA_ARGS__)
#define TA_EACH_49(m, c, x, ...) m(c, x) TA_EACH_48(m, c, __VA_ARGS__)
#define TA_EACH_50(m, c, x, ...) m(c, x) TA_EACH_49(m, c, __VA_ARGS__)
#define TA_EACH_51(m, c, x, ...) m(c, x) TA_EACH_50(m, c, __VA_ARGS__)
#define TA_EACH_52(m, c, x, ...) m(c, x) TA_EACH_51(m, c, __VA_ARGS__)
#define TA_EACH_53(m, c, x, ...) m(c, x) TA_EACH_52(m, c, __VA_ARGS__)
#define TA_EACH_54(m, c, x, ...) m(c, x) TA_EACH_53(m, c, __VA_ARGS__)
#define TA_EACH_55(m, c, x, ...) m(c, x) TA_EACH_54(m, c, __VA_ARGS__)
#define TA_EACH_56(m, c, x, ...) m(c, x) TA_EACH_55(m, c, __VA_ARGS__)
#define TA_EACH_57(m, c, x, ...) m(c, x) TA_EACH_56(m, c, __VA_ARGS__)
#define TA_EACH_58(m, c, x, ...) m(c, x) TA_EACH_57(m, c, __VA_ARGS__)
#define TA_EACH_59(m, c, x, ...) m(c, x) TA_EACH_58(m, c, __VA_ARGS__)
#define TA_EACH_60(m, c, x, ...) m(c, x) TA_EACH_59(m, c, __VA_ARGS__)
#define TA_EACH_61(m, c, x, ...) m(c, x) TA_EACH_60(m, c, __VA_ARGS__)
#define TA_EACH_62(m, c, x, ...) m(c, x) TA_EACH_61(m, c, __VA_ARGS__)
#define TA_EACH_63(m, c, x, ...) m(c, x) TA_EACH_62(m, c, __VA_ARGS__)
#define TA_EACH_64(m, c, x, ...) m(c, x) TA_EACH_63(m, c, __VA_ARGS__)
#define TA_EACH_SELECT(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, \
  _20, _21, _22, _23, _24, _25, _26, _27, _28, _29, _30, _31, _32, _33, _34, _35, _36, _37, _38, _39, _40, _41, \
  _42, _43, _44, _45, _46, _47, _48, _49, _50, _51, _52, _53, _54, _55, _56, _57, _58, _59, _60, _61, _62, _63, \
  _64, selected, ...) selected
#define TA_EACH(m, c, ...) TA_EACH_SELECT(__VA_ARGS__, TA_EACH_64, TA_EACH_63, TA_EACH_62, TA_EACH_61, \
  TA_EACH_60, TA_EACH_59, TA_EACH_58, TA_EACH_57, TA_EACH_56, TA_EACH_55, TA_EACH_54, TA_EACH_53, TA_EACH_52, \
  TA_EACH_51, TA_EACH_50, TA_EACH_49, TA_EACH_48, TA_EACH_47, TA_EACH_46, TA_EACH_45, TA_EACH_44, TA_EACH_43, \
  TA_EACH_42, TA_EACH_41, TA_EACH_40, TA_EACH_39, TA_EACH_38, TA_EACH_37, TA_EACH_36, TA_EACH_35, TA_EACH_34, \
  TA_EACH_33, TA_EACH_32, TA_EACH_31, TA_EACH_30, TA_EACH_29, TA_EACH_28, TA_EACH_27, TA_EACH_26, TA_EACH_25, \
  TA_EACH_24, TA_EACH_23, TA_EACH_22, TA_EACH_21, TA_EACH_20, TA_EACH_19, TA_EACH_18, TA_EACH_17, TA_EACH_16, \
  TA_EACH_15, TA_EACH_14, TA_EACH_13, TA_EACH_12, TA_EACH_11, TA_EACH_10, TA_EACH_9, TA_EACH_8, TA_EACH_7, \
  TA_EACH_6, TA_EACH_5, TA_EACH_4, TA_EACH_3, TA_EACH_2, TA_EACH_1, 0)(m, c, __VA_ARGS__)
// clang-format on
