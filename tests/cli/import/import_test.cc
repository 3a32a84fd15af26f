// An import as a whole: acknowledgements, failures, a server that goes away, a run that goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/support/scripted_server.h"

namespace lethe::test {
namespace {

using cli::ExitCode;
using testing::HasSubstr;
using testing::Not;

struct ImportTest : testing::Test {
  ImportTest() : server(lethe) {}

  // `lines` of about this form; line `broken` is none.
  std::string Lines(int lines, int broken = 0) {
    std::string text;
    for (int i = 1; i <= lines; ++i) {
      text += i == broken
                  ? "{\"subject\": \"PERSONAL\"}\n"
                  : R"({"subject":{"identifiers":[{"type":"n","value":"PERSONAL-)" +
                        std::to_string(i) + R"("}]},"category":"account","data":{}})" + "\n";
    }
    return text;
  }
  // Every line from 1 to `lines` but `without`, once each.
  void ExpectImportedOnce(int lines, int without = 0) {
    std::map<std::int64_t, int> times;
    for (const auto& item : server.vault.imported) ++times[item.line()];
    for (int i = 1; i <= lines; ++i) EXPECT_EQ(times[i], i == without ? 0 : 1) << i;
  }

  CliRunner lethe;
  ScriptedServer server;
};

TEST_F(ImportTest, EveryLineArrivesInOrderAndTheProgressFileGoes) {
  const std::string file = lethe.File("x.jsonl", Lines(1000));
  const auto result = lethe({"record", "import", file, "-o", "json"});
  EXPECT_EQ(result.code, ExitCode::kOk) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out).at("imported"), 1000);
  ExpectImportedOnce(1000);
  EXPECT_FALSE(FileExists(file + ".lethe-progress"));
}

TEST_F(ImportTest, FailuresAreNamedCountedAndKeptAndStopNothing) {
  server.vault.failing_line = 700;
  const std::string file = lethe.File("x.jsonl", Lines(800, 3));
  const std::string rejects = lethe.folder / "rejects.jsonl";
  const auto result = lethe({"record", "import", file, "--rejects", rejects, "-o", "json"});
  EXPECT_EQ(result.code, ExitCode::kPartial);
  EXPECT_EQ(nlohmann::json::parse(result.out).at("failed"), 2);
  EXPECT_THAT(result.err, HasSubstr("line 3: FIELD_INVALID, subject: "));
  EXPECT_THAT(result.err,
              HasSubstr("line 700: CATEGORY_UNKNOWN, record.category: category_of_policy"));
  EXPECT_THAT(result.err, Not(HasSubstr("PERSONAL")));
  const std::string kept = ReadFile(rejects);
  EXPECT_EQ(std::count(kept.begin(), kept.end(), '\n'), 2);
  EXPECT_THAT(kept, HasSubstr("PERSONAL-700\""));
}

TEST_F(ImportTest, ABrokenConnectionIsTakenUpAgainWhereItWasAcknowledged) {
  server.vault.chunks_until_break = 2;
  const std::string file = lethe.File("x.jsonl", Lines(1500));
  const auto result = lethe({"record", "import", file});
  EXPECT_EQ(result.code, ExitCode::kOk) << result.err;
  ExpectImportedOnce(1500);
}

TEST_F(ImportTest, ARefusedImportStopsAndTheSameCommandGoesOn) {
  const std::string file = lethe.File("x.jsonl", Lines(1000));
  server.vault.chunks_until_break = 2;
  server.vault.break_status = Refusal(grpc::StatusCode::PERMISSION_DENIED, "ROLE_MISSING");
  const auto stopped = lethe({"record", "import", file});
  EXPECT_EQ(stopped.code, ExitCode::kDenied);
  EXPECT_THAT(stopped.err, HasSubstr("stopped after line 512"));
  EXPECT_EQ(ModeOf(file + ".lethe-progress"), 0600u);

  server.vault.chunks_until_break = 1'000'000;
  const auto resumed = lethe({"record", "import", file, "-o", "json"});
  EXPECT_EQ(resumed.code, ExitCode::kOk) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("going on after line 512"));
  EXPECT_EQ(nlohmann::json::parse(resumed.out).at("imported"), 1000);
  ExpectImportedOnce(1000);
}

TEST_F(ImportTest, AChangedFileIsNotGoneOnWith) {
  const std::string file = lethe.File("x.jsonl", Lines(1000));
  server.vault.chunks_until_break = 1;
  server.vault.break_status = Refusal(grpc::StatusCode::PERMISSION_DENIED, "ROLE_MISSING");
  ASSERT_EQ(lethe({"record", "import", file}).code, ExitCode::kDenied);
  lethe.File("x.jsonl", Lines(999));
  const auto result = lethe({"record", "import", file});
  EXPECT_EQ(result.code, ExitCode::kLocal);
  EXPECT_THAT(result.err, HasSubstr("changed"));
}

TEST_F(ImportTest, StandardInputIsReadOnceAndLeavesNoProgressFile) {
  const auto result = lethe({"record", "import", "-", "--resume-from", "3"}, Lines(5));
  EXPECT_EQ(result.code, ExitCode::kOk) << result.err;
  ASSERT_EQ(server.vault.imported.size(), 3u);
  EXPECT_EQ(server.vault.imported.front().line(), 3);
}

TEST_F(ImportTest, ALastLineCutShortIsNamed) {
  std::string text = Lines(3);
  text.resize(text.size() - 10);
  const auto result = lethe({"record", "import", lethe.File("x.jsonl", text)});
  EXPECT_EQ(result.code, ExitCode::kPartial);
  EXPECT_THAT(result.err, HasSubstr("line 3: FIELD_INVALID, line: cut short"));
}

}  // namespace
}  // namespace lethe::test
