#include "server/convert/record_patch.h"

#include <gtest/gtest.h>

#include "base/reason.h"

namespace lethe::server {
namespace {

class RecordPatchTest : public ::testing::Test {
 protected:
  void Mask(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) request_.mutable_update_mask()->add_paths(path);
  }
  std::optional<Reason> Refusal() {
    return ReasonOf(RecordPatchFrom(v1::UpdateRecordRequest(request_)).status());
  }

  v1::UpdateRecordRequest request_;
  v1::Record& record_ = *request_.mutable_record();
};

TEST_F(RecordPatchTest, WithoutAMaskWhatIsSetChanges) {
  record_.set_data("{}");
  record_.set_source(v1::SOURCE_OBSERVED);
  const auto patch = RecordPatchFrom(v1::UpdateRecordRequest(request_));
  ASSERT_TRUE(patch.ok());
  EXPECT_EQ(patch->data, "{}");
  EXPECT_EQ(patch->source, vault::Source::kObserved);
  EXPECT_FALSE(patch->media_type.has_value());
  EXPECT_FALSE(patch->source_detail.has_value());
}

TEST_F(RecordPatchTest, WithAMaskOnlyWhatItNamesChanges) {
  record_.set_data("{}");
  record_.set_source_detail("form");
  record_.set_category("account");  // As read: not named, so not touched.
  Mask({"source_detail"});
  const auto patch = RecordPatchFrom(v1::UpdateRecordRequest(request_));
  ASSERT_TRUE(patch.ok());
  EXPECT_FALSE(patch->data.has_value());
  EXPECT_EQ(patch->source_detail, "form");
}

TEST_F(RecordPatchTest, AFullReplacementPutsAbsentFieldsBackToTheirDefault) {
  record_.set_data("{}");
  Mask({"*"});
  const auto patch = RecordPatchFrom(v1::UpdateRecordRequest(request_));
  ASSERT_TRUE(patch.ok());
  EXPECT_EQ(patch->media_type, "");
  EXPECT_EQ(patch->source, vault::Source::kProvided);
  EXPECT_EQ(patch->source_detail, "");
}

TEST_F(RecordPatchTest, DataCannotBeReplacedByNothing) {
  Mask({"*"});
  EXPECT_EQ(Refusal(), Reason::kFieldRequired);
  record_.set_media_type("text/plain");
  request_.mutable_update_mask()->Clear();
  Mask({"data"});
  EXPECT_EQ(Refusal(), Reason::kFieldRequired);
}

TEST_F(RecordPatchTest, AnUnknownPathIsRefusedAndNotQuoted) {
  Mask({"data", "needle-4711"});
  EXPECT_EQ(Refusal(), Reason::kFieldInvalid);
  EXPECT_EQ(RecordPatchFrom(v1::UpdateRecordRequest(request_)).status().ToString().find("4711"),
            std::string::npos);
}

TEST_F(RecordPatchTest, ThePathOfAllStandsAlone) {
  record_.set_data("{}");
  Mask({"data", "*"});
  EXPECT_EQ(Refusal(), Reason::kFieldInvalid);
}

TEST_F(RecordPatchTest, WhatOnlyCreationSetsIsRefused) {
  record_.set_data("{}");
  record_.set_category("other");
  EXPECT_EQ(Refusal(), Reason::kFieldInvalid);
  Mask({"category"});
  EXPECT_EQ(Refusal(), Reason::kFieldInvalid);
}

TEST_F(RecordPatchTest, NothingToChangeIsRefused) { EXPECT_EQ(Refusal(), Reason::kFieldRequired); }

}  // namespace
}  // namespace lethe::server
