#include "cli/init/holder_option.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace lethe::cli {
namespace {

using testing::HasSubstr;

std::string Fault(const std::string& text) {
  return std::string(ParseHolder(text).status().message());
}

TEST(HolderOption, AFileIsAFile) {
  const auto holder = ParseHolder("/keys/root.slots");
  ASSERT_TRUE(holder.ok());
  EXPECT_EQ(holder->slots, "/keys/root.slots");
  EXPECT_FALSE(holder->token.has_value());
  EXPECT_EQ(HolderText(*holder), "/keys/root.slots");
  EXPECT_EQ(ParseHolder("root.slots")->slots, std::filesystem::current_path() / "root.slots");
}

TEST(HolderOption, ATokenNeedsAllOfItsParts) {
  const auto holder =
      ParseHolder("pkcs11:module=/lib/hsm.so;token=root key;pin-file=/etc/pin;slots=/keys/a=b");
  ASSERT_TRUE(holder.ok()) << holder.status();
  EXPECT_EQ(holder->slots, "/keys/a=b");
  ASSERT_TRUE(holder->token.has_value());
  EXPECT_EQ(holder->token->module, "/lib/hsm.so");
  EXPECT_EQ(holder->token->token, "root key");
  EXPECT_EQ(holder->token->pin_file, "/etc/pin");
  EXPECT_THAT(HolderText(*holder), HasSubstr("root key"));
  EXPECT_THAT(Fault("pkcs11:"), HasSubstr("module= is missing"));
  EXPECT_THAT(Fault("pkcs11:module=a;token=b;pin-file=c"), HasSubstr("slots= is missing"));
  EXPECT_THAT(Fault("pkcs11:module=a;token=;pin-file=c;slots=d"), HasSubstr("token= is missing"));
  EXPECT_THAT(Fault("pkcs11:module=a;module=b"), HasSubstr("module= is there twice"));
  EXPECT_THAT(Fault("pkcs11:pin=1234"), HasSubstr("'pin' is none of"));
  EXPECT_THAT(Fault("pkcs11:module"), HasSubstr("'module' is none of"));
}

}  // namespace
}  // namespace lethe::cli
