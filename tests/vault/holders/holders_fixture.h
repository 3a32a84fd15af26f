// A key tree whose holders are of any kind: each is a slot file in memory, perhaps sealed by a
// token, perhaps by a key service, and absent when a test says so.
#ifndef LETHE_TESTS_VAULT_HOLDERS_HOLDERS_FIXTURE_H_
#define LETHE_TESTS_VAULT_HOLDERS_HOLDERS_FIXTURE_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/reason.h"
#include "tests/vault/holders/service_model.h"
#include "tests/vault/holders/soft_token.h"
#include "tests/vault/holders/token_model.h"
#include "tests/vault/keytree/tree_fixture.h"
#include "vault/holders/pkcs11/token.h"
#include "vault/holders/reopening_holder.h"
#include "vault/holders/slot_holder.h"

namespace lethe::test {

enum class HolderKind { kFile, kToken, kSoftToken };

// What one holder stands on.
struct HolderDisk {
  std::shared_ptr<SlotDisk> slots = std::make_shared<SlotDisk>();
  std::shared_ptr<TokenStore> token;  // Null: no model of one.
  bool soft_token = false;            // SoftHSM2.
  std::atomic<bool> absent = false;   // A file that is unlinked, a token pulled.
};

class HoldersFixture : public TreeFixture {
 protected:
  // What is tested is order and what opens, not the disk.
  HoldersFixture() : TreeFixture(TempDir::On::kMemory) {}

  void SetUp() override {}

  void CreateWith(const std::vector<HolderKind>& kinds) {
    for (const HolderKind kind : kinds) {
      auto disk = std::make_shared<HolderDisk>();
      if (kind == HolderKind::kToken) disk->token = std::make_shared<TokenStore>();
      disk->soft_token = kind == HolderKind::kSoftToken;
      disk->slots->before_read = [at = disk.get()]() -> absl::Status {
        return at->absent ? absl::UnavailableError("pulled") : absl::OkStatus();
      };
      holders_.push_back(std::move(disk));
    }
    vault_ = VaultId::Draw(random_);
    ASSERT_TRUE(vault::archive::Archive::Create(dir_ / "archive", vault_).ok());
    ASSERT_TRUE(OpenJournal(true).ok());
    auto opened = MakeHolders();
    ASSERT_TRUE(KeyTree::Create(vault_, *journal_, opened, clock_, random_).ok());
    const absl::Status status = OpenHolders();
    ASSERT_TRUE(status.ok()) << status;
  }

  // Null: it has no token.
  std::unique_ptr<vault::holders::TokenKeys> TokenOf(const HolderDisk& disk) {
    if (disk.soft_token) {
      return vault::holders::pkcs11::NewTokenKeys(SoftToken::Get()->spec(), vault_, random_);
    }
    return disk.token == nullptr ? nullptr : TokenOn(disk.token);
  }
  std::unique_ptr<vault::holders::Factor> FactorOf(const HolderDisk& disk) {
    auto token = TokenOf(disk);
    return token == nullptr ? vault::holders::NewFileFactor()
                            : vault::holders::NewTokenFactor(std::move(token));
  }

  std::unique_ptr<vault::holders::Holder> HolderOf(std::size_t index) {
    const std::shared_ptr<HolderDisk> disk = holders_[index];
    const std::string name = "holder-" + std::to_string(index + 1);
    return vault::holders::NewReopeningHolder(
        name, TokenOf(*disk) ? "pkcs11" : "file",
        [this, disk, name]() -> absl::StatusOr<std::unique_ptr<vault::holders::Holder>> {
          if (disk->absent) return absl::NotFoundError("the holder's file does not exist");
          return vault::holders::NewSlotHolder(
              std::make_unique<MemorySlotFile>(disk->slots), name,
              [](std::string*) { return vault::Assurance::kHost; }, FactorOf(*disk), services_);
        });
  }

  std::vector<std::unique_ptr<vault::holders::Holder>> MakeHolders() {
    std::vector<std::unique_ptr<vault::holders::Holder>> holders;
    for (std::size_t i = 0; i < holders_.size(); ++i) holders.push_back(HolderOf(i));
    return holders;
  }

  absl::Status OpenHolders() {
    auto tree = KeyTree::Open(vault_, *journal_, MakeHolders(), clock_, random_);
    if (!tree.ok()) return tree.status();
    tree_ = *std::move(tree);
    return absl::OkStatus();
  }

  absl::Status ReopenHolders() {
    Close();
    if (absl::Status status = OpenJournal(false); !status.ok()) return status;
    return OpenHolders();
  }

  // Takes a holder away, or gives it back.
  void SetAbsent(std::size_t index, bool absent) { holders_[index]->absent = absent; }

  // Everything that opens from whatever holder `index` holds now: one root, or none or two.
  std::vector<Secret> RootsIn(std::size_t index) {
    std::vector<Secret> roots;
    auto slots = HolderOf(index)->ReadSlots();
    if (!slots.ok()) return roots;
    for (const vault::holders::Slot& slot : *slots) {
      if (slot.state == vault::holders::Slot::State::kWhole) {
        roots.push_back(slot.content->root.Clone());
      }
    }
    return roots;
  }

  // From every holder, with every row that was ever written: none of the dead, all of the living.
  void ExpectClosed(const TreeAttacker& attacker) {
    for (std::size_t i = 0; i < holders_.size(); ++i) {
      const std::vector<Secret> roots = RootsIn(i);
      ASSERT_EQ(roots.size(), 1u) << "holder " << i;
      EXPECT_EQ(Recovered(attacker, roots[0], erased_), 0u) << "holder " << i;
      EXPECT_EQ(Recovered(attacker, roots[0], living_), living_.size()) << "holder " << i;
    }
  }

  void ExpectLivingReadable() {
    for (const auto& [place, secret] : living_) {
      const auto unwrapped = tree_->Unwrap(place);
      ASSERT_TRUE(unwrapped.ok()) << unwrapped.status();
      EXPECT_EQ(AsText(unwrapped->Reveal()), secret);
    }
  }

  vault::KeyStatus Keys() {
    auto keys = tree_->Keys();
    EXPECT_TRUE(keys.ok()) << keys.status();
    return keys.ok() ? *keys : vault::KeyStatus();
  }

  static vault::audit::Event By(std::uint8_t principal) {
    vault::audit::Event event;
    event.principal.fill(principal);
    return event;
  }

  std::vector<std::shared_ptr<HolderDisk>> holders_;
  std::vector<vault::holders::KeyService*> services_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_HOLDERS_HOLDERS_FIXTURE_H_
