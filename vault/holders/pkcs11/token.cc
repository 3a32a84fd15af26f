#include "vault/holders/pkcs11/token.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/memory/secret.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/holders/pkcs11/session.h"

namespace lethe::vault::holders::pkcs11 {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
static_assert(kNonceBytes + kTagBytes == TokenKeys::kOverheadBytes);
// As SoftHSM2 names its maker; it keeps its keys in files of the host.
constexpr char kSoftHsm[] = "SoftHSM";
// Objects asked for at once.
constexpr std::size_t kFindStep = 16;

CK_ATTRIBUTE Attribute(CK_ATTRIBUTE_TYPE type, const void* value, std::size_t size) {
  return {type, const_cast<void*>(value), size};
}

// AES-GCM's parameters, and the mechanism that points at them.
struct Gcm {
  Gcm(Bytes nonce, Bytes aad) {
    parameters.iv_ptr = const_cast<unsigned char*>(nonce.data());
    parameters.iv_len = nonce.size();
    parameters.iv_bits = nonce.size() * 8;
    parameters.aad_ptr = const_cast<unsigned char*>(aad.data());
    parameters.aad_len = aad.size();
    parameters.tag_bits = kTagBytes * 8;
  }
  CK_GCM_PARAMS parameters{};
  CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof(parameters)};
};

class Token final : public TokenKeys {
 public:
  Token(TokenSpec spec, const VaultId& vault, Random& random)
      : spec_(std::move(spec)),
        label_(absl::StrFormat("lethe %s", vault.ToString())),
        random_(random) {}

  absl::StatusOr<Id> Make() override {
    LETHE_TRY(Reach());
    Id id;
    random_.Fill(id);
    const CK_OBJECT_CLASS object_class = CKO_SECRET_KEY;
    const CK_KEY_TYPE key_type = CKK_AES;
    const CK_ULONG size = Secret::kBytes;
    const CK_BBOOL yes = CK_TRUE;
    const CK_BBOOL no = CK_FALSE;
    std::array attributes{
        Attribute(CKA_CLASS, &object_class, sizeof(object_class)),
        Attribute(CKA_KEY_TYPE, &key_type, sizeof(key_type)),
        Attribute(CKA_VALUE_LEN, &size, sizeof(size)),
        Attribute(CKA_TOKEN, &yes, sizeof(yes)),
        Attribute(CKA_PRIVATE, &yes, sizeof(yes)),
        Attribute(CKA_SENSITIVE, &yes, sizeof(yes)),
        Attribute(CKA_EXTRACTABLE, &no, sizeof(no)),
        Attribute(CKA_ENCRYPT, &yes, sizeof(yes)),
        Attribute(CKA_DECRYPT, &yes, sizeof(yes)),
        Attribute(CKA_LABEL, label_.data(), label_.size()),
        Attribute(CKA_ID, id.data(), id.size()),
    };
    CK_MECHANISM generate{CKM_AES_KEY_GEN, nullptr, 0};
    CK_OBJECT_HANDLE made = 0;
    LETHE_TRY(Answered(functions()->C_GenerateKey(handle(), &generate, attributes.data(),
                                                  attributes.size(), &made)));
    return id;
  }

  absl::Status Seal(const Id& id, Bytes plaintext, Bytes aad, MutableBytes out) override {
    LETHE_CHECK(out.size() == plaintext.size() + kOverheadBytes);
    LETHE_ASSIGN(const CK_OBJECT_HANDLE key, Find(id));
    random_.Fill(out.first(kNonceBytes));
    Gcm gcm(out.first(kNonceBytes), aad);
    LETHE_TRY(Answered(functions()->C_EncryptInit(handle(), &gcm.mechanism, key)));
    CK_ULONG size = out.size() - kNonceBytes;
    LETHE_TRY(
        Answered(functions()->C_Encrypt(handle(), const_cast<unsigned char*>(plaintext.data()),
                                        plaintext.size(), out.subspan(kNonceBytes).data(), &size)));
    return size == out.size() - kNonceBytes ? absl::OkStatus() : Silent();
  }

  absl::Status Open(const Id& id, Bytes sealed, Bytes aad, MutableBytes out) override {
    LETHE_CHECK(sealed.size() == out.size() + kOverheadBytes);
    LETHE_ASSIGN(const CK_OBJECT_HANDLE key, Find(id));
    Gcm gcm(sealed.first(kNonceBytes), aad);
    LETHE_TRY(Answered(functions()->C_DecryptInit(handle(), &gcm.mechanism, key)));
    const Bytes body = sealed.subspan(kNonceBytes);
    // Some libraries want room for the tag while they work.
    std::string plaintext(body.size(), '\0');
    CK_ULONG size = plaintext.size();
    const CK_RV opened =
        functions()->C_Decrypt(handle(), const_cast<unsigned char*>(body.data()), body.size(),
                               AsMutableBytes(plaintext).data(), &size);
    const bool whole = opened == CKR_OK && size == out.size();
    if (whole) std::copy_n(plaintext.begin(), out.size(), out.begin());
    Wipe(plaintext);
    if (whole) return absl::OkStatus();
    // There is no common code for a tag that does not fit: a token that still answers means that.
    if (!session_->Alive()) return Silent();
    return Refuse(Reason::kDecryptFailed, "a token does not open what it is given");
  }

  absl::Status Destroy(const Id& id) override {
    const absl::StatusOr<CK_OBJECT_HANDLE> key = Find(id);
    if (absl::IsNotFound(key.status())) return absl::OkStatus();
    LETHE_TRY(key.status());
    LETHE_TRY(Answered(functions()->C_DestroyObject(handle(), *key)));
    // Two of one id cannot be; a token that only says yes can.
    return absl::IsNotFound(Find(id).status()) ? absl::OkStatus() : Silent();
  }

  absl::StatusOr<std::vector<Id>> List() override {
    LETHE_ASSIGN(const std::vector<CK_OBJECT_HANDLE> objects, FindAll(nullptr));
    std::vector<Id> ids;
    for (const CK_OBJECT_HANDLE object : objects) {
      Id id;
      CK_ATTRIBUTE attribute = Attribute(CKA_ID, id.data(), id.size());
      const CK_RV got = functions()->C_GetAttributeValue(handle(), object, &attribute, 1);
      if (got == CKR_BUFFER_TOO_SMALL || (got == CKR_OK && attribute.ulValueLen != id.size())) {
        continue;  // Labelled like ours, yet not made by us.
      }
      LETHE_TRY(Answered(got));
      ids.push_back(id);
    }
    return ids;
  }

  Assurance CheckAssurance(std::string* why) override {
    if (!Reach().ok()) {
      *why = "the token does not answer";
      return Assurance::kNone;
    }
    CK_SLOT_INFO slot{};
    const bool hardware = functions()->C_GetSlotInfo(session_->slot(), &slot) == CKR_OK &&
                          (slot.flags & CKF_HW_SLOT) != 0;
    if (hardware && session_->module().Manufacturer() != kSoftHsm) {
      why->clear();
      return Assurance::kHardware;
    }
    *why = "the token is software: its keys are files of some host";
    return Assurance::kTest;
  }

 private:
  const CK_FUNCTION_LIST* functions() const { return session_->module().operator->(); }
  CK_SESSION_HANDLE handle() const { return session_->handle(); }

  absl::Status Reach() {
    if (session_ != nullptr) return absl::OkStatus();
    LETHE_ASSIGN(session_, Session::Open(spec_));
    return absl::OkStatus();
  }

  absl::Status Silent() {
    session_.reset();
    return Refuse(Reason::kHolderUnreachable, "the token does not answer");
  }

  absl::Status Answered(CK_RV answer) { return answer == CKR_OK ? absl::OkStatus() : Silent(); }

  absl::StatusOr<CK_OBJECT_HANDLE> Find(const Id& id) {
    LETHE_ASSIGN(const std::vector<CK_OBJECT_HANDLE> found, FindAll(&id));
    if (found.empty()) return absl::NotFoundError("the token has no such key");
    return found.front();
  }

  // Our objects; with `id` those that have it.
  absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> FindAll(const Id* id) {
    LETHE_TRY(Reach());
    const CK_OBJECT_CLASS object_class = CKO_SECRET_KEY;
    std::vector<CK_ATTRIBUTE> wanted{
        Attribute(CKA_CLASS, &object_class, sizeof(object_class)),
        Attribute(CKA_LABEL, label_.data(), label_.size()),
    };
    if (id != nullptr) wanted.push_back(Attribute(CKA_ID, id->data(), id->size()));
    LETHE_TRY(Answered(functions()->C_FindObjectsInit(handle(), wanted.data(), wanted.size())));
    std::vector<CK_OBJECT_HANDLE> found;
    std::array<CK_OBJECT_HANDLE, kFindStep> step;
    CK_ULONG count = 0;
    do {
      LETHE_TRY(Answered(functions()->C_FindObjects(handle(), step.data(), step.size(), &count)));
      found.insert(found.end(), step.begin(), step.begin() + count);
    } while (count > 0);
    LETHE_TRY(Answered(functions()->C_FindObjectsFinal(handle())));
    return found;
  }

  const TokenSpec spec_;
  const std::string label_;
  Random& random_;
  std::unique_ptr<Session> session_;
};

}  // namespace

std::unique_ptr<TokenKeys> NewTokenKeys(TokenSpec spec, const VaultId& vault, Random& random) {
  return std::make_unique<Token>(std::move(spec), vault, random);
}

}  // namespace lethe::vault::holders::pkcs11
