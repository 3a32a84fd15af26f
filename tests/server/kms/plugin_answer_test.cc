// Every answer that a plugin must not give, one a row, beside the sound one it was made from.
#include "server/kms/plugin_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/reason.h"

namespace lethe::server::kms {
namespace {

using ::testing::HasSubstr;

v2::StatusResponse SoundStatus() {
  v2::StatusResponse answer;
  answer.set_version("v2");
  answer.set_healthz("ok");
  answer.set_key_id("key-1");
  return answer;
}

v2::EncryptResponse SoundSeal() {
  v2::EncryptResponse answer;
  answer.set_key_id("key-1");
  answer.set_ciphertext("sealed");
  (*answer.mutable_annotations())["alg.kms.example"] = "A256GCM";
  return answer;
}

template <typename Answer>
struct Row {
  const char* what;
  std::function<void(Answer&)> spoil;
  const char* field;  // Empty: the answer is still sound.
};

template <typename Answer, typename Judge>
void Check(const std::vector<Row<Answer>>& rows, const std::function<Answer()>& sound,
           const Judge& judge) {
  for (const Row<Answer>& row : rows) {
    Answer answer = sound();
    row.spoil(answer);
    const absl::Status status = judge(answer).status();
    if (std::string(row.field).empty()) {
      EXPECT_TRUE(status.ok()) << row.what << ": " << status;
      continue;
    }
    EXPECT_EQ(ReasonOf(status), Reason::kHolderUnreachable) << row.what;
    EXPECT_EQ(FieldOf(status), row.field) << row.what;
    EXPECT_THAT(std::string(status.message()), HasSubstr("key service")) << row.what;
  }
}

TEST(PluginAnswerTest, AStatusIsTakenOrRefusedByName) {
  using Answer = v2::StatusResponse;
  const std::vector<Row<Answer>> rows = {
      {"untouched", [](Answer&) {}, ""},
      {"beta", [](Answer& a) { a.set_version("v2beta1"); }, ""},
      {"no version", [](Answer& a) { a.clear_version(); }, "version"},
      {"v1", [](Answer& a) { a.set_version("v1beta1"); }, "version"},
      {"upper case", [](Answer& a) { a.set_version("V2"); }, "version"},
      {"no health", [](Answer& a) { a.clear_healthz(); }, "healthz"},
      {"other health", [](Answer& a) { a.set_healthz("OK"); }, "healthz"},
      {"blank behind", [](Answer& a) { a.set_healthz("ok "); }, "healthz"},
      {"no key", [](Answer& a) { a.clear_key_id(); }, "key_id"},
      {"longest key", [](Answer& a) { a.set_key_id(std::string(1'024, 'k')); }, ""},
      {"too long a key", [](Answer& a) { a.set_key_id(std::string(1'025, 'k')); }, "key_id"},
  };
  Check<Answer>(rows, SoundStatus, [](Answer& answer) { return StateFrom(answer); });
}

TEST(PluginAnswerTest, ASealIsTakenOrRefusedByName) {
  using Answer = v2::EncryptResponse;
  const auto annotate = [](const std::string& key, std::size_t bytes) {
    return [=](Answer& a) { (*a.mutable_annotations())[key] = std::string(bytes, 'v'); };
  };
  const std::vector<Row<Answer>> rows = {
      {"untouched", [](Answer&) {}, ""},
      {"no annotations", [](Answer& a) { a.clear_annotations(); }, ""},
      {"no key", [](Answer& a) { a.clear_key_id(); }, "key_id"},
      {"too long a key", [](Answer& a) { a.set_key_id(std::string(1'025, 'k')); }, "key_id"},
      {"no ciphertext", [](Answer& a) { a.clear_ciphertext(); }, "ciphertext"},
      {"longest", [](Answer& a) { a.set_ciphertext(std::string(1'024, 'c')); }, ""},
      {"too long", [](Answer& a) { a.set_ciphertext(std::string(1'025, 'c')); }, "ciphertext"},
      {"a dot at the end", annotate("version.kms.example.", 1), ""},
      {"an empty value", annotate("version.kms.example", 0), ""},
      {"no domain", annotate("version", 1), "annotations"},
      {"nothing", annotate("", 1), "annotations"},
      {"upper case", annotate("Version.kms.example", 1), "annotations"},
      {"an empty label", annotate("version..example", 1), "annotations"},
      {"a hyphen in front", annotate("-a.example", 1), "annotations"},
      {"a blank", annotate("a b.example", 1), "annotations"},
      {"a label of 64", annotate(std::string(64, 'a').append(".example"), 1), "annotations"},
      {"all that fits", annotate("big.kms.example", 3'012), ""},
      {"more than fits", annotate("big.kms.example", 3'013), "annotations"},
  };
  Check<Answer>(rows, SoundSeal, [](Answer& answer) { return SealFrom(answer); });
}

TEST(PluginAnswerTest, WhatIsTakenIsWhatWasSaid) {
  v2::EncryptResponse answer = SoundSeal();
  const auto seal = SealFrom(answer);
  ASSERT_TRUE(seal.ok()) << seal.status();
  EXPECT_EQ(seal->key_id, "key-1");
  EXPECT_EQ(seal->ciphertext, "sealed");
  EXPECT_EQ(seal->annotations,
            (std::map<std::string, std::string>{{"alg.kms.example", "A256GCM"}}));
  // Four texts and a length of two bytes before each.
  EXPECT_EQ(SealBytes(*seal), 5u + 6 + 15 + 7 + 4 * 2);
}

TEST(PluginAnswerTest, APlaintextOfAnotherSizeIsRefusedAndWiped) {
  for (const std::string& opened : {std::string(), std::string(51, 'p'), std::string(53, 'p')}) {
    v2::DecryptResponse answer;
    answer.set_plaintext(opened);
    std::string plaintext(52, '-');
    EXPECT_EQ(ReasonOf(PlaintextFrom(answer, AsMutableBytes(plaintext))), Reason::kDecryptFailed);
    EXPECT_EQ(plaintext, std::string(52, '-'));
    EXPECT_EQ(answer.plaintext(), std::string(opened.size(), '\0'));
  }
  v2::DecryptResponse answer;
  answer.set_plaintext(std::string(52, 'p'));
  std::string plaintext(52, '-');
  EXPECT_TRUE(PlaintextFrom(answer, AsMutableBytes(plaintext)).ok());
  EXPECT_EQ(plaintext, std::string(52, 'p'));
  EXPECT_EQ(answer.plaintext(), std::string(52, '\0'));
}

}  // namespace
}  // namespace lethe::server::kms
