#include "server/convert/enums.h"

#include <gtest/gtest.h>

#include <set>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace lethe::server {
namespace {

// Every number of the API's enum but UNSPECIFIED.
template <typename Api>
std::set<int> NumbersOf() {
  std::set<int> numbers;
  const auto* type = google::protobuf::GetEnumDescriptor<Api>();
  for (int i = 0; i < type->value_count(); ++i) numbers.insert(type->value(i)->number());
  numbers.erase(0);
  return numbers;
}

// What ToApi says for all values that an enum on disk can have.
template <typename Own>
std::set<int> NumbersSaidOf() {
  std::set<int> numbers;
  for (int i = 0; i <= 255; ++i) numbers.insert(ToApi(static_cast<Own>(i)));
  numbers.erase(0);
  return numbers;
}

template <typename Api>
class FromApiTest : public ::testing::Test {};
using Read = ::testing::Types<v1::Source, v1::ErasureGround, v1::Initiator, v1::RestrictionGround>;
TYPED_TEST_SUITE(FromApiTest, Read);

TYPED_TEST(FromApiTest, EveryValueMeansSomethingElse) {
  std::set<int> meanings;
  for (const int number : NumbersOf<TypeParam>()) {
    const auto meaning = FromApi(static_cast<TypeParam>(number));
    ASSERT_TRUE(meaning.has_value()) << number;
    EXPECT_TRUE(meanings.insert(static_cast<int>(*meaning)).second) << number;
  }
}

TYPED_TEST(FromApiTest, WhatIsNotSaidOrNotKnownMeansNothing) {
  EXPECT_FALSE(FromApi(static_cast<TypeParam>(0)).has_value());
  EXPECT_FALSE(FromApi(static_cast<TypeParam>(99)).has_value());
}

TEST(ToApiTest, EveryValueOfTheApiIsSaidOfSomething) {
  EXPECT_EQ(NumbersSaidOf<vault::Source>(), NumbersOf<v1::Source>());
  EXPECT_EQ(NumbersSaidOf<vault::SubjectState>(), NumbersOf<v1::Subject::State>());
  EXPECT_EQ(NumbersSaidOf<vault::ErasureGround>(), NumbersOf<v1::ErasureGround>());
  EXPECT_EQ(NumbersSaidOf<vault::Assurance>(), NumbersOf<v1::Assurance>());
}

TEST(ToApiTest, WhatCameFromTheApiGoesBackAsItWas) {
  for (const int number : NumbersOf<v1::Source>()) {
    EXPECT_EQ(ToApi(*FromApi(static_cast<v1::Source>(number))), number);
  }
  for (const int number : NumbersOf<v1::ErasureGround>()) {
    EXPECT_EQ(ToApi(*FromApi(static_cast<v1::ErasureGround>(number))), number);
  }
}

// The API keeps 0 for "not said", so its numbers stand one higher than the vault's.
TEST(ToApiTest, AnAssuranceKeepsItsName) {
  EXPECT_EQ(ToApi(vault::Assurance::kNone), v1::ASSURANCE_NONE);
  EXPECT_EQ(ToApi(vault::Assurance::kHardware), v1::ASSURANCE_HARDWARE);
}

}  // namespace
}  // namespace lethe::server
