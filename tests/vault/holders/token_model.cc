#include "tests/vault/holders/token_model.h"

#include "base/check.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/aead.h"

namespace lethe::test {
namespace {

using vault::holders::TokenKeys;

class ModelToken final : public TokenKeys {
 public:
  explicit ModelToken(std::shared_ptr<TokenStore> store) : store_(std::move(store)) {}

  absl::StatusOr<Id> Make() override {
    LETHE_TRY(store_->before_call());
    Id id;
    random_.Fill(id);
    store_->keys[id] = AsText(Secret::Draw(random_).Reveal());
    return id;
  }
  absl::Status Seal(const Id& id, Bytes plaintext, Bytes aad, MutableBytes out) override {
    LETHE_ASSIGN(const Secret key, Find(id));
    crypto::DefaultAead().Seal(key, plaintext, aad, out);
    return absl::OkStatus();
  }
  absl::Status Open(const Id& id, Bytes sealed, Bytes aad, MutableBytes out) override {
    LETHE_ASSIGN(const Secret key, Find(id));
    return crypto::DefaultAead().Open(key, sealed, aad, out);
  }
  absl::Status Destroy(const Id& id) override {
    LETHE_TRY(store_->before_call());
    if (!store_->keeps_destroyed) store_->keys.erase(id);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<Id>> List() override {
    LETHE_TRY(store_->before_call());
    std::vector<Id> ids;
    for (const auto& [id, key] : store_->keys) ids.push_back(id);
    return ids;
  }
  vault::Assurance CheckAssurance(std::string* why) override {
    *why = "a model in memory";
    return vault::Assurance::kTest;
  }

 private:
  absl::StatusOr<Secret> Find(const Id& id) {
    LETHE_TRY(store_->before_call());
    const auto key = store_->keys.find(id);
    if (key == store_->keys.end()) return absl::NotFoundError("the token has no such key");
    return Secret::CopyFrom(AsBytes(key->second));
  }

  const std::shared_ptr<TokenStore> store_;
  SystemRandom random_;
};

}  // namespace

std::unique_ptr<TokenKeys> TokenOn(std::shared_ptr<TokenStore> store) {
  return std::make_unique<ModelToken>(std::move(store));
}

}  // namespace lethe::test
