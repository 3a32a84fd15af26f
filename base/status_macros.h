// LETHE_TRY(expr): returns the status of `expr` from the enclosing function unless it is OK.
// LETHE_ASSIGN(decl, expr): declares `decl` from the value of a StatusOr, or returns its status.
#ifndef LETHE_BASE_STATUS_MACROS_H_
#define LETHE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define LETHE_CONCAT_INNER_(a, b) a##b
#define LETHE_CONCAT_(a, b) LETHE_CONCAT_INNER_(a, b)

#define LETHE_TRY(expr)                                             \
  do {                                                              \
    if (absl::Status lethe_status_ = (expr); !lethe_status_.ok()) { \
      return lethe_status_;                                         \
    }                                                               \
  } while (false)

#define LETHE_ASSIGN(decl, expr) LETHE_ASSIGN_INNER_(LETHE_CONCAT_(lethe_or_, __LINE__), decl, expr)
#define LETHE_ASSIGN_INNER_(var, decl, expr)     \
  auto var = (expr);                             \
  if (!var.ok()) return std::move(var).status(); \
  decl = *std::move(var)

#endif  // LETHE_BASE_STATUS_MACROS_H_
