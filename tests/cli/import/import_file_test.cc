// An import's file, without a server: lines, chunks, request ids, the point to resume from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "base/bytes.h"
#include "cli/connect/request_id.h"
#include "cli/import/chunk_builder.h"
#include "cli/import/import_file.h"
#include "cli/import/import_line.h"
#include "cli/import/resume_point.h"
#include "tests/cli/support/cli_runner.h"

namespace lethe::cli {
namespace {

using testing::HasSubstr;

std::string LineOf(int i) {
  return R"({"subject":{"identifiers":[{"type":"customer_number","value":"KD-)" +
         std::to_string(i) +
         R"("},{"type":"email","value":"a@b.c"}]},"category":"account","data":{"i":)" +
         std::to_string(i) + "}}\n";
}

std::vector<Line> LinesOf(const std::string& text) {
  std::istringstream in(text);
  LineReader reader(in);
  std::vector<Line> lines;
  for (Line line; reader.Next(line);) lines.push_back(line);
  return lines;
}

TEST(LineReader, TellsLinesThatEndFromOneThatDoesNot) {
  const auto lines = LinesOf("a\r\n\nb");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].text, "a");
  EXPECT_TRUE(lines[0].ended);
  EXPECT_EQ(lines[1].text, "");
  EXPECT_EQ(lines[2].number, 3);
  EXPECT_FALSE(lines[2].ended);
}

TEST(LineReader, ALineTooLongIsBoundedAndTheNextOneIsWhole) {
  const auto lines = LinesOf(std::string(LineReader::kLineBytesMax + 9, 'x') + "\nnext\n");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[0].too_long);
  EXPECT_EQ(lines[0].text.size(), LineReader::kLineBytesMax);
  EXPECT_EQ(lines[1].text, "next");
}

std::optional<Fault> Read(const std::string& text, v1::ImportItem& item) {
  return ReadImportLine(LinesOf(text).at(0), "tenants/acme", item);
}

TEST(ImportLine, TheFirstIdentifierFindsTheSubjectAndTheOthersComeAlong) {
  v1::ImportItem item;
  ASSERT_FALSE(Read(LineOf(7), item));
  EXPECT_EQ(item.subject().identifier().parent(), "tenants/acme");
  EXPECT_EQ(item.subject().identifier().value(), "KD-7");
  ASSERT_EQ(item.identifiers_size(), 1);
  EXPECT_EQ(item.record().data(), R"({"i":7})");
}

TEST(ImportLine, ALastLineCutShortIsNamedAsSuch) {
  const std::string whole = LineOf(1);
  v1::ImportItem item;
  for (std::size_t size = 1; size + 2 < whole.size(); ++size) {
    const auto fault = Read(whole.substr(0, size), item);
    ASSERT_TRUE(fault.has_value());
    EXPECT_THAT(fault->rule, HasSubstr("cut short"));
  }
  EXPECT_THAT(Read(whole.substr(0, 20) + "\n", item)->rule, testing::Not(HasSubstr("cut short")));
}

TEST(ImportLine, FaultsNameTheFieldAndNeverTheValue) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"category":"secret"})", "subject"},
      {R"({"subject":{"identifiers":[]},"category":"a"})", "subject.identifiers"},
      {R"({"subject":{"identifiers":[{"type":"secret"}]}})", "subject.identifiers"},
      {R"({"subject":{"secret":1}})", "subject"},
      {R"({"subject":{"name":"n","identifiers":[]}})", "subject"},
      {R"({"subject":{"name":"n"},"secret":1})", "record"},
      {"secret", "line"},
  };
  for (const auto& [text, field] : cases) {
    v1::ImportItem item;
    const auto fault = Read(std::string(text) + "\n", item);
    ASSERT_TRUE(fault.has_value()) << text;
    EXPECT_EQ(fault->field, field) << text;
    EXPECT_THAT(fault->ToString(), testing::Not(HasSubstr("secret")));
  }
}

struct Chunks {
  std::vector<v1::ImportRecordsRequest> chunks;
  std::vector<std::int64_t> faults;
};

Chunks Build(const std::string& text, std::int64_t skip_through = 0) {
  std::istringstream in(text);
  LineReader lines(in);
  Chunks result;
  ChunkBuilder builder(
      lines, {.tenant_name = "tenants/acme", .purpose = "p", .skip_through = skip_through},
      [&](const LineFailure& failure) { result.faults.push_back(failure.line); });
  while (auto chunk = builder.Next()) result.chunks.push_back(*std::move(chunk));
  return result;
}

TEST(ChunkBuilder, CutsByLinesAndLosesNone) {
  std::string text;
  for (int i = 1; i <= 600; ++i) text += LineOf(i);
  const auto built = Build(text + "broken\n\n" + LineOf(603));
  ASSERT_EQ(built.chunks.size(), 3u);
  std::int64_t next = 1;
  for (const auto& chunk : built.chunks) {
    EXPECT_LE(chunk.items_size(), ChunkBuilder::kLinesMax);
    for (const auto& item : chunk.items()) {
      EXPECT_EQ(item.line(), next);
      next = next == 600 ? 603 : next + 1;
    }
  }
  EXPECT_EQ(next, 604);
  EXPECT_THAT(built.faults, testing::ElementsAre(601));
}

TEST(ChunkBuilder, CutsByBytesAndLosesNone) {
  std::string text;
  for (int i = 1; i <= 5; ++i) {
    text += R"({"subject":{"name":"n"},"text":")" + std::string(700'000, 'x') + "\"}\n";
  }
  const auto built = Build(text);
  ASSERT_EQ(built.chunks.size(), 5u);
  for (const auto& chunk : built.chunks) EXPECT_EQ(chunk.items_size(), 1);
}

TEST(ChunkBuilder, SkippedLinesAreNeitherSentNorFaulty) {
  const auto built = Build("broken\n" + LineOf(2) + LineOf(3), 2);
  ASSERT_EQ(built.chunks.size(), 1u);
  EXPECT_EQ(built.chunks[0].items(0).line(), 3);
  EXPECT_TRUE(built.faults.empty());
}

TEST(RequestId, IsTheSameForTheSameLineOfTheSameFileAndForNothingElse) {
  crypto::Digest file{}, other{};
  other[0] = 1;
  std::set<std::string> ids;
  for (int line = 1; line <= 1000; ++line) ids.insert(RequestIdOfLine(file, line));
  ids.insert(RequestIdOfLine(other, 1));
  EXPECT_EQ(ids.size(), 1001u);
  EXPECT_EQ(RequestIdOfLine(file, 1), RequestIdOfLine(file, 1));
  EXPECT_THAT(RequestIdOfLine(file, 1),
              testing::MatchesRegex("[0-9a-f]+-[0-9a-f]+-5[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+"));
  EXPECT_NE(NewRequestId(), NewRequestId());
}

TEST(Survey, CountsLinesWithAndWithoutTheLastBreak) {
  test::CliRunner files;
  EXPECT_EQ(Survey(files.File("a", "1\n2\n"))->lines, 2);
  EXPECT_EQ(Survey(files.File("b", "1\n2"))->lines, 2);
  EXPECT_EQ(Survey(files.File("c", ""))->lines, 0);
  EXPECT_EQ(Survey(files.File("d", "1\n2\n"))->digest, crypto::Sha256(AsBytes("1\n2\n")));
}

TEST(ResumeFile, ComesBackAndIsItsOwnersAlone) {
  const test::TempDir folder;
  const ResumeFile file(folder / "x.jsonl", "digest", "tenants/acme");
  ASSERT_TRUE(file.Save({.last_line = 12, .counts = {.imported = 10, .failed = 2}}).ok());
  EXPECT_EQ(test::ModeOf(file.path()), 0600u);
  const auto point = file.Load();
  ASSERT_TRUE(point.ok() && point->has_value());
  EXPECT_EQ((*point)->last_line, 12);
  EXPECT_EQ((*point)->counts.failed, 2);
  file.Remove();
  EXPECT_FALSE(file.Load()->has_value());
}

TEST(ResumeFile, RefusesAnotherContentAnotherTenantAndDamage) {
  test::CliRunner files;
  const std::string path = files.folder / "x.jsonl";
  ASSERT_TRUE(ResumeFile(path, "digest", "tenants/acme").Save({.last_line = 1}).ok());
  EXPECT_FALSE(ResumeFile(path, "other", "tenants/acme").Load().ok());
  EXPECT_FALSE(ResumeFile(path, "digest", "tenants/else").Load().ok());
  files.File("x.jsonl.lethe-progress", "{");
  EXPECT_FALSE(ResumeFile(path, "digest", "tenants/acme").Load().ok());
}

TEST(Rejects, AreTheLinesThemselvesInTheirOrder) {
  test::CliRunner files;
  const std::string path = files.File("x", "one\ntwo\nthree\n");
  ASSERT_TRUE(CopyLines(path, {3, 1}, files.folder / "rejects").ok());
  EXPECT_EQ(test::ReadFile(files.folder / "rejects"), "one\nthree\n");
  EXPECT_EQ(test::ModeOf(files.folder / "rejects"), 0600u);
}

}  // namespace
}  // namespace lethe::cli
