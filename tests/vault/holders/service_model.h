// A key service in memory: versions of one key, of which the operator makes and destroys some.
#ifndef LETHE_TESTS_VAULT_HOLDERS_SERVICE_MODEL_H_
#define LETHE_TESTS_VAULT_HOLDERS_SERVICE_MODEL_H_

#include <map>
#include <string>
#include <utility>

#include "base/memory/secret.h"
#include "base/random.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/aead.h"
#include "vault/holders/key_service.h"

namespace lethe::test {

class ServiceModel final : public vault::holders::KeyService {
 public:
  explicit ServiceModel(std::string name = "kms-1") : name_(std::move(name)) { Rotate(); }

  void Rotate() {
    current_ = "version-" + std::to_string(versions_.size() + 1);
    versions_[current_] = Secret::Draw(random_);
  }
  // The number of versions ever made stays, so that no id comes twice.
  void Destroy(const std::string& key_id) { versions_[key_id] = Secret(); }
  void SetSilent(bool silent) { silent_ = silent; }
  // Seals something else than it was given.
  void SetGarbage(bool garbage) { garbage_ = garbage; }
  const std::string& current() const { return current_; }
  int calls() const { return calls_; }

  std::string name() const override { return name_; }
  absl::StatusOr<std::string> CurrentKeyId() override {
    LETHE_TRY(Answer());
    return current_;
  }
  absl::StatusOr<vault::holders::ServiceSeal> Seal(Bytes plaintext) override {
    LETHE_TRY(Answer());
    const std::string wrong(plaintext.size(), 'g');
    return vault::holders::ServiceSeal{
        current_,
        crypto::SealToString(versions_[current_], garbage_ ? AsBytes(wrong) : plaintext,
                             AsBytes(name_)),
        {{"model.example.org/version", current_}}};
  }
  absl::Status Open(const vault::holders::ServiceSeal& seal, MutableBytes plaintext) override {
    LETHE_TRY(Answer());
    const auto version = versions_.find(seal.key_id);
    const bool known = version != versions_.end() && !version->second.empty();
    if (!known || seal.annotations.at("model.example.org/version") != seal.key_id ||
        seal.ciphertext.size() != plaintext.size() + crypto::kSealOverheadBytes) {
      return Refuse(Reason::kDecryptFailed, "not a seal of this service");
    }
    return crypto::DefaultAead().Open(version->second, AsBytes(seal.ciphertext), AsBytes(name_),
                                      plaintext);
  }

 private:
  absl::Status Answer() {
    ++calls_;
    return silent_ ? Refuse(Reason::kHolderUnreachable, "the key service is silent")
                   : absl::OkStatus();
  }

  const std::string name_;
  SystemRandom random_;
  std::map<std::string, Secret> versions_;
  std::string current_;
  bool silent_ = false;
  bool garbage_ = false;
  int calls_ = 0;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_HOLDERS_SERVICE_MODEL_H_
