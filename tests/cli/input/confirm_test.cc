// Nothing is destroyed by habit, by silence, or by a name that is another's.
#include "cli/input/confirm.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

constexpr char kName[] = "tenants/acme/subjects/7d1c1f0e-6c5e-4b5f-8f5b-0d8f3a0f6a11";

ExitCode Ask(const std::string& typed, bool terminal, const std::string& confirm = "") {
  std::istringstream in(typed);
  std::ostringstream out, err;
  Console console{.in = in, .out = out, .err = err, .in_is_terminal = terminal};
  const absl::Status status = ConfirmDestruction(console, kName, confirm);
  return status.ok() ? ExitCode::kOk : Describe(status).exit;
}

TEST(Confirm, APersonTypesTheLastEightCharacters) {
  EXPECT_EQ(Ask("3a0f6a11\n", true), ExitCode::kOk);
  EXPECT_EQ(Ask("yes\n", true), ExitCode::kDeclined);
  EXPECT_EQ(Ask("", true), ExitCode::kDeclined);
}

TEST(Confirm, AScriptNamesTheWhole) {
  EXPECT_EQ(Ask("", false, kName), ExitCode::kOk);
  EXPECT_EQ(Ask("", false, "3a0f6a11"), ExitCode::kDeclined);
}

TEST(Confirm, WithoutTerminalAndFlagItIsAnErrorEvenIfTheInputFits) {
  EXPECT_EQ(Ask("3a0f6a11\n", false), ExitCode::kLocal);
}

}  // namespace
}  // namespace lethe::cli
