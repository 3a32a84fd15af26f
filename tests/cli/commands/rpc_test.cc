// Commands against a server whose answers are written here, over real mutual TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "crypto/hash.h"
#include "tests/cli/support/scripted_server.h"

namespace lethe::test {
namespace {

using cli::ExitCode;
using grpc::StatusCode;
using testing::HasSubstr;
using testing::Not;

constexpr char kUuid[] = "7d1c1f0e-6c5e-4b5f-8f5b-0d8f3a0f6a11";
constexpr char kName[] = "tenants/acme/subjects/7d1c1f0e-6c5e-4b5f-8f5b-0d8f3a0f6a11";

struct RpcTest : testing::Test {
  RpcTest() : server(lethe) {
    server.vault.subject.set_name(kName);
    server.rights.erasure.set_subject(kName);
  }
  CliRunner lethe;
  ScriptedServer server;
};

TEST_F(RpcTest, ASubjectIsReadOverMutualTls) {
  const auto result = lethe({"subject", "get", kUuid, "-o", "name"});
  EXPECT_EQ(result.code, ExitCode::kOk) << result.err;
  EXPECT_EQ(result.out, std::string(kName) + "\n");
}

TEST_F(RpcTest, ACertificateOfAnotherAuthorityGetsNoConnection) {
  CliRunner stranger;
  const ScriptedServer other(stranger);
  stranger.environment["LETHE_ADDR"] = server.address;
  const auto result = stranger({"subject", "get", kUuid, "--timeout", "1"});
  EXPECT_EQ(result.code, ExitCode::kServer);
  EXPECT_EQ(result.out, "");
}

TEST_F(RpcTest, ExitCodesFollowTheServersCode) {
  const std::pair<StatusCode, ExitCode> cases[] = {
      {StatusCode::INVALID_ARGUMENT, ExitCode::kServer},
      {StatusCode::FAILED_PRECONDITION, ExitCode::kServer},
      {StatusCode::RESOURCE_EXHAUSTED, ExitCode::kServer},
      {StatusCode::DATA_LOSS, ExitCode::kServer},
      {StatusCode::INTERNAL, ExitCode::kServer},
      {StatusCode::CANCELLED, ExitCode::kDeclined},
      {StatusCode::UNAUTHENTICATED, ExitCode::kDenied},
      {StatusCode::PERMISSION_DENIED, ExitCode::kDenied},
      {StatusCode::NOT_FOUND, ExitCode::kNotFound},
      {StatusCode::ABORTED, ExitCode::kConflict},
      {StatusCode::ALREADY_EXISTS, ExitCode::kConflict},
  };
  for (const auto& [status, code] : cases) {
    server.vault.statuses = {Refusal(status, "SOME_REASON")};
    EXPECT_EQ(lethe({"subject", "get", kUuid}).code, code) << status;
  }
}

TEST_F(RpcTest, AnErrorTellsReasonMetadataAndRequestId) {
  server.vault.statuses = {
      Refusal(StatusCode::INVALID_ARGUMENT, "FIELD_INVALID", {{"field", "identifiers.type"}})};
  const auto result = lethe({"subject", "create", "-o", "json"});
  const auto error = nlohmann::json::parse(result.err);
  EXPECT_EQ(error.at("code"), "INVALID_ARGUMENT");
  EXPECT_EQ(error.at("reason"), "FIELD_INVALID");
  EXPECT_EQ(error.at("metadata").at("field"), "identifiers.type");
  EXPECT_EQ(error.at("request_id"), server.vault.request_ids.at(0));
}

TEST_F(RpcTest, UnavailableIsTriedAgainWithTheSameRequestId) {
  server.vault.statuses = {Refusal(StatusCode::UNAVAILABLE, "SHUTTING_DOWN")};
  EXPECT_EQ(lethe({"subject", "create"}).code, ExitCode::kOk);
  ASSERT_EQ(server.vault.request_ids.size(), 2u);
  EXPECT_EQ(server.vault.request_ids[0], server.vault.request_ids[1]);
}

TEST_F(RpcTest, AListGoesThroughAllPagesOnlyWhenAsked) {
  server.vault.pages.resize(2);
  server.vault.pages[0].add_subjects()->set_name("tenants/acme/subjects/1");
  server.vault.pages[0].set_next_page_token("1");
  server.vault.pages[1].add_subjects()->set_name("tenants/acme/subjects/2");
  const auto first = lethe({"subject", "list"});
  EXPECT_THAT(first.out, Not(HasSubstr("subjects/2")));
  EXPECT_THAT(first.err, HasSubstr("--page-token"));
  const auto all = lethe({"subject", "list", "--all", "-o", "json"});
  EXPECT_EQ(nlohmann::json::parse(all.out).at("subjects").size(), 2u);
}

TEST_F(RpcTest, ADryRunErasesNothingAndTellsOfWhatStays) {
  server.rights.erasure.add_withheld()->set_category("billing");
  const auto result = lethe({"subject", "erase", kUuid, "--ground", "objection", "--dry-run"});
  EXPECT_EQ(result.code, ExitCode::kPartial);
  EXPECT_THAT(result.out, HasSubstr("billing"));
  EXPECT_EQ(server.rights.erased, 0);
}

TEST_F(RpcTest, AnEraseNeedsTheWholeNameFromAScript) {
  const std::vector<std::string> erase = {"subject", "erase", kUuid, "--ground", "objection"};
  EXPECT_EQ(lethe(erase).code, ExitCode::kLocal);
  auto wrong = erase;
  wrong.insert(wrong.end(), {"--confirm", kUuid});
  EXPECT_EQ(lethe(wrong).code, ExitCode::kDeclined);
  EXPECT_EQ(server.rights.erased, 0);
  auto right = erase;
  right.insert(right.end(), {"--confirm", kName});
  EXPECT_EQ(lethe(right).code, ExitCode::kOk);
  EXPECT_EQ(server.rights.erased, 1);
}

TEST_F(RpcTest, AnErasureIsTakenBackByTheSubjectsName) {
  EXPECT_EQ(lethe({"subject", "undo-erasure", kUuid}).code, ExitCode::kOk);
  EXPECT_EQ(server.rights.undone, kName);
}

TEST_F(RpcTest, ATenantIsOffboardedByItsWholeNameOnly) {
  server.rights.erasure.add_categories_shredded("account");
  const auto dry = lethe({"tenant", "offboard", "--dry-run"});
  EXPECT_EQ(dry.code, ExitCode::kOk);
  EXPECT_THAT(dry.out, HasSubstr("account"));
  EXPECT_EQ(lethe({"tenant", "offboard"}).code, ExitCode::kLocal) << "silence is not consent";
  EXPECT_EQ(lethe({"tenant", "offboard", "--confirm", "acme"}).code, ExitCode::kDeclined);
  EXPECT_EQ(server.rights.offboarded, 0);
  EXPECT_EQ(lethe({"tenant", "offboard", "--confirm", "tenants/acme"}).code, ExitCode::kOk);
  EXPECT_EQ(server.rights.offboarded, 1);
}

TEST_F(RpcTest, AtATerminalAnEraseShowsWhatWouldGoAndAsks) {
  lethe.in_is_terminal = true;
  server.rights.erasure.set_records_shredded(42);
  const std::vector<std::string> erase = {"subject", "erase", kUuid, "--ground", "objection"};
  const auto declined = lethe(erase, "no\n");
  EXPECT_EQ(declined.code, ExitCode::kDeclined);
  EXPECT_THAT(declined.err, HasSubstr("recordsShredded: 42"));
  EXPECT_EQ(server.rights.erased, 0);
  EXPECT_EQ(lethe(erase, "3a0f6a11\n").code, ExitCode::kOk);
  EXPECT_EQ(server.rights.erased, 1);
}

TEST_F(RpcTest, AnEraseByIdentifierGoesByTheNameThatWasConfirmed) {
  const auto result = lethe(
      {"subject", "erase", "--ground", "objection", "--identifier-file", "-", "--confirm", kName},
      R"({"type": "email", "value": "ann@example.org"})");
  EXPECT_EQ(result.code, ExitCode::kOk) << result.err;
  EXPECT_EQ(server.rights.last.subject().name(), kName);
}

TEST_F(RpcTest, DataComesFromAFileAndIsStoredByteByByte) {
  const auto result = lethe({"record", "create", kUuid, "-f", "-"},
                            R"({"category": "account", "data": {"n": 1.50}})");
  ASSERT_EQ(result.code, ExitCode::kOk) << result.err;
  EXPECT_EQ(server.vault.creation.record().data(), R"({"n": 1.50})");
  EXPECT_EQ(server.vault.creation.subject().name(), kName);
}

TEST_F(RpcTest, ARecordsDataCanBeHadBare) {
  server.vault.record.set_data("\x1b[2J\n");
  const std::string name = std::string(kName) + "/records/" + kUuid;
  EXPECT_EQ(lethe({"record", "get", name, "--data"}).out, "\x1b[2J\n");
  EXPECT_THAT(lethe({"record", "get", name}).out, Not(HasSubstr("\x1b")));
}

std::vector<v1::ArtifactChunk> Document(const std::string& data) {
  std::vector<v1::ArtifactChunk> chunks(3);
  chunks[0].mutable_header()->set_media_type("application/json");
  chunks[1].set_data(data);
  const auto digest = crypto::Sha256(AsBytes(data));
  chunks[2].mutable_trailer()->set_sha256(std::string(AsText(digest)));
  chunks[2].mutable_trailer()->set_size_bytes(static_cast<std::int64_t>(data.size()));
  return chunks;
}

TEST_F(RpcTest, AReportGetsItsNameWhenItIsWhole) {
  server.rights.artifact = Document("{\"a\": 1}");
  const std::string out = lethe.folder / "report.json";
  EXPECT_EQ(lethe({"subject", "report", kUuid, "--out", out}).code, ExitCode::kOk);
  EXPECT_EQ(ReadFile(out), "{\"a\": 1}");
  EXPECT_EQ(ModeOf(out), 0600u);
  EXPECT_EQ(lethe({"subject", "report", kUuid}).out, "{\"a\": 1}");
}

TEST_F(RpcTest, ACutOrChangedReportLeavesNothing) {
  auto cut = Document("{\"a\": 1}");
  cut.pop_back();
  auto changed = Document("{\"a\": 1}");
  changed[1].set_data("{\"a\": 2}");
  const std::string out = lethe.folder / "report.json";
  for (const auto& document : {cut, changed}) {
    server.rights.artifact = document;
    EXPECT_EQ(lethe({"subject", "report", kUuid, "--out", out}).code, ExitCode::kServer);
    EXPECT_FALSE(FileExists(out));
    EXPECT_FALSE(FileExists(out + ".partial"));
  }
}

}  // namespace
}  // namespace lethe::test
