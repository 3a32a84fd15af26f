// Everything personal in the load carries a mark. After everything that makes a server talk (right
// and wrong calls at log level debug, a kill, a recovery, erasures, a clean stop), the mark must be
// nowhere: not in logs, not in what was answered, not in file names, not in any file of the vault.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_format.h"
#include "tests/system/needles.h"
#include "tests/system/running_vault.h"
#include "tests/system/worker.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260104;
constexpr int kSteps = 250;

class CanaryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto vault = RunningVault::Make();
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = std::move(*vault);
    Up();
  }
  void Up() {
    const absl::Status up = vault_->Up({.flags = {"--log-level", "debug"}});
    ASSERT_TRUE(up.ok()) << up;
  }

  void Load(Worker& worker) {
    LoadGate gate(kSteps);
    worker.Work(vault_->client(), gate);
  }

  // The mark in every place where a caller may put it by mistake. All are refused.
  void CallWrongly() {
    const Client& client = vault_->client();
    const std::string mark = kCanary;
    Rng rng(kSeed, 99);
    const auto subject = client.CreateSubject({MakeEmail(1u << 30)}, rng.RequestId());
    ASSERT_TRUE(subject.ok()) << subject.error().ToText();
    const std::string good = MakeData(rng, "account-x", 1);
    const auto refused = [](const auto& answer) { EXPECT_FALSE(answer.ok()); };
    refused(client.CreateSubject({MakeEmail(1u << 30)}, rng.RequestId()));
    refused(client.CreateSubject({{mark, mark}}, rng.RequestId()));
    refused(client.CreateSubject({{"email", " " + mark}}, rng.RequestId()));
    refused(client.CreateSubject({{"email", mark + "\n" + mark}}, mark));
    refused(client.GetSubject(mark, kService));
    refused(client.GetSubject(*subject, mark));
    refused(client.GetSubject("tenants/acme/subjects/" + mark, kService));
    refused(client.GetSubject("tenants/" + mark + "/subjects/" + mark, kService));
    refused(client.Lookup({"email", mark}, kService));
    refused(client.CreateRecord(*subject, mark, good, rng.RequestId()));
    refused(client.CreateRecord(*subject, "account", good, mark));
    const std::string quoted = "\"" + mark + "\"";
    const std::vector<std::string> broken_bodies = {
        absl::StrFormat("{%s:1", quoted), absl::StrFormat("{%s:1,%s:2}", quoted, quoted),
        absl::StrFormat("[%s]", quoted), absl::StrFormat("{\"a\":\"%s\xff\"}", mark),
        absl::StrFormat("{\"a\":\"%s%s\"}", mark, std::string(1'100'000, 'x'))};
    for (const std::string& broken : broken_bodies) {
      refused(client.CreateRecord(*subject, "account", broken, rng.RequestId()));
      const auto import = client.Import({{.subject = *subject,
                                          .category = "account",
                                          .data = broken,
                                          .request_id = rng.RequestId()}});
      EXPECT_TRUE(!import.ok() || import->size() == 1);
    }
    refused(client.GetRecord(*subject + "/records/" + mark, kService));
    refused(client.GetErasure("tenants/acme/erasures/" + mark));
  }

  std::unique_ptr<RunningVault> vault_;
};

TEST_F(CanaryTest, NothingPersonalIsInLogsAnswersFileNamesOrFiles) {
  Worker worker(kSeed, 0);
  Load(worker);
  CallWrongly();
  ASSERT_TRUE(vault_->server().Kill().ok());
  Up();
  worker.Check(vault_->client());
  Load(worker);
  const auto status = vault_->client().Status();
  std::ofstream(vault_->folder().logs() + "/status.json") << *status;
  const auto end = vault_->server().Stop();
  ASSERT_TRUE(end.ok() && end->code == 0) << end.status();
  ASSERT_TRUE(worker.totals().ok()) << worker.totals().Complaint("kill", kSeed);
  ASSERT_GT(worker.totals().erases, 0);

  const std::string& root = vault_->folder().root();
  const SearchResult found = SearchFolder(root, Disguises(kCanary));

  EXPECT_GT(found.bytes, 100'000);
  EXPECT_GT(vault_->transcript().lines(), 20);
  for (const Find& find : found.finds) ADD_FAILURE() << find.file << " at " << find.offset;

  // The control: one mark in one of these very files is found.
  const std::string log = vault_->server().log();
  const auto log_bytes = std::filesystem::file_size(log);
  std::ofstream(log, std::ios::app) << kCanary;
  EXPECT_EQ(SearchFolder(root, Disguises(kCanary)).finds.size(), found.finds.size() + 1);
  std::filesystem::resize_file(log, log_bytes);  // All of it is searched once more in the end.
}

}  // namespace
}  // namespace lethe::test
