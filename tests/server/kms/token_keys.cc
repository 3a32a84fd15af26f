#include "tests/server/kms/token_keys.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "base/check.h"
#include "base/random.h"

namespace lethe::test {
namespace {

constexpr char kTokenLabel[] = "lethe test";
constexpr char kPin[] = "1234";
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr CK_ULONG kKeyBytes = 32;

// Debian puts it into a folder of the architecture's, with a link from this one.
constexpr const char* kModulePaths[] = {"/usr/lib/softhsm/libsofthsm2.so",
                                        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                                        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"};

std::string ModulePath() {
  for (const char* path : kModulePaths) {
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

void MustBeOk(CK_RV result) { LETHE_CHECK(result == CKR_OK); }

CK_ATTRIBUTE Attribute(CK_ATTRIBUTE_TYPE type, const std::string& text) {
  return {type, const_cast<char*>(text.data()), text.size()};
}

}  // namespace

struct TokenKeys::Module {
  absl::Mutex mutex;  // One session, which does one thing at a time.
  void* library = nullptr;
  CK_FUNCTION_LIST* call = nullptr;
  CK_SESSION_HANDLE session = 0;

  void Load(const std::string& dir);
  CK_SLOT_ID FindOrMakeToken();
  std::optional<CK_SLOT_ID> FindToken();
  void LogIn(CK_SLOT_ID slot);
  std::optional<CK_OBJECT_HANDLE> Find(const std::string& label);
};

std::string TokenKeys::WhyNot() { return ModulePath().empty() ? "softhsm2 is not installed" : ""; }

TokenKeys::TokenKeys(const std::string& dir) : module_(std::make_unique<Module>()) {
  module_->Load(dir);
  module_->LogIn(module_->FindOrMakeToken());
}

TokenKeys::~TokenKeys() {
  module_->call->C_Finalize(nullptr);
  dlclose(module_->library);
}

void TokenKeys::Module::Load(const std::string& dir) {
  const std::string conf = dir + "/softhsm2.conf";
  std::filesystem::create_directories(dir + "/tokens");
  std::ofstream(conf) << "directories.tokendir = " << dir << "/tokens\nlog.level = ERROR\n";
  setenv("SOFTHSM2_CONF", conf.c_str(), 1);
  library = dlopen(ModulePath().c_str(), RTLD_NOW | RTLD_LOCAL);
  LETHE_CHECK(library != nullptr);
  CK_C_GetFunctionList list = nullptr;
  void* const symbol = dlsym(library, "C_GetFunctionList");
  std::memcpy(&list, &symbol, sizeof(list));
  LETHE_CHECK(list != nullptr);
  MustBeOk(list(&call));
  MustBeOk(call->C_Initialize(nullptr));
}

std::optional<CK_SLOT_ID> TokenKeys::Module::FindToken() {
  std::array<CK_SLOT_ID, 8> slots{};
  CK_ULONG count = slots.size();
  MustBeOk(call->C_GetSlotList(CK_TRUE, slots.data(), &count));
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    MustBeOk(call->C_GetTokenInfo(slots.at(i), &info));
    const std::string_view label(reinterpret_cast<const char*>(info.label), sizeof(info.label));
    if (label.starts_with(kTokenLabel)) return slots.at(i);
  }
  return std::nullopt;
}

CK_SLOT_ID TokenKeys::Module::FindOrMakeToken() {
  if (const auto slot = FindToken(); slot.has_value()) return *slot;
  // SoftHSM offers a slot with an empty token, and gives it another number once it is made.
  CK_SLOT_ID empty = 0;
  CK_ULONG one = 1;
  MustBeOk(call->C_GetSlotList(CK_TRUE, &empty, &one));
  std::string pin = kPin;
  std::string label = absl::StrFormat("%-32s", kTokenLabel);
  auto* const pin_bytes = reinterpret_cast<CK_UTF8CHAR*>(pin.data());
  MustBeOk(call->C_InitToken(empty, pin_bytes, pin.size(),
                             reinterpret_cast<CK_UTF8CHAR*>(label.data())));
  const auto slot = FindToken();
  LETHE_CHECK(slot.has_value());
  MustBeOk(
      call->C_OpenSession(*slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session));
  MustBeOk(call->C_Login(session, CKU_SO, pin_bytes, pin.size()));
  MustBeOk(call->C_InitPIN(session, pin_bytes, pin.size()));
  MustBeOk(call->C_CloseSession(session));
  return *slot;
}

void TokenKeys::Module::LogIn(CK_SLOT_ID slot) {
  std::string pin = kPin;
  MustBeOk(
      call->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session));
  MustBeOk(
      call->C_Login(session, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(pin.data()), pin.size()));
}

std::optional<CK_OBJECT_HANDLE> TokenKeys::Module::Find(const std::string& label) {
  CK_ATTRIBUTE wanted = Attribute(CKA_LABEL, label);
  MustBeOk(call->C_FindObjectsInit(session, &wanted, 1));
  CK_OBJECT_HANDLE found = 0;
  CK_ULONG count = 0;
  MustBeOk(call->C_FindObjects(session, &found, 1, &count));
  MustBeOk(call->C_FindObjectsFinal(session));
  if (count == 0) return std::nullopt;
  return found;
}

void TokenKeys::Make(const std::string& label) {
  const absl::MutexLock lock(&module_->mutex);
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  CK_ULONG bytes = kKeyBytes;
  CK_MECHANISM generate{CKM_AES_KEY_GEN, nullptr, 0};
  CK_ATTRIBUTE key[] = {Attribute(CKA_LABEL, label),        {CKA_VALUE_LEN, &bytes, sizeof(bytes)},
                        {CKA_TOKEN, &yes, sizeof(yes)},     {CKA_SENSITIVE, &yes, sizeof(yes)},
                        {CKA_EXTRACTABLE, &no, sizeof(no)}, {CKA_ENCRYPT, &yes, sizeof(yes)},
                        {CKA_DECRYPT, &yes, sizeof(yes)}};
  CK_OBJECT_HANDLE made = 0;
  MustBeOk(module_->call->C_GenerateKey(module_->session, &generate, key, std::size(key), &made));
}

bool TokenKeys::Destroy(const std::string& label) {
  const absl::MutexLock lock(&module_->mutex);
  const auto key = module_->Find(label);
  if (!key.has_value()) return false;
  MustBeOk(module_->call->C_DestroyObject(module_->session, *key));
  return true;
}

std::vector<std::string> TokenKeys::Labels() {
  const absl::MutexLock lock(&module_->mutex);
  CK_OBJECT_CLASS secret_key = CKO_SECRET_KEY;
  CK_ATTRIBUTE wanted{CKA_CLASS, &secret_key, sizeof(secret_key)};
  MustBeOk(module_->call->C_FindObjectsInit(module_->session, &wanted, 1));
  std::vector<std::string> labels;
  CK_OBJECT_HANDLE found = 0;
  CK_ULONG count = 0;
  while (module_->call->C_FindObjects(module_->session, &found, 1, &count) == CKR_OK &&
         count == 1) {
    std::string label(64, '\0');
    CK_ATTRIBUTE read{CKA_LABEL, label.data(), label.size()};
    MustBeOk(module_->call->C_GetAttributeValue(module_->session, found, &read, 1));
    labels.push_back(label.substr(0, read.ulValueLen));
  }
  MustBeOk(module_->call->C_FindObjectsFinal(module_->session));
  return labels;
}

std::optional<std::string> TokenKeys::Seal(const std::string& label, Bytes plaintext) {
  const absl::MutexLock lock(&module_->mutex);
  const auto key = module_->Find(label);
  if (!key.has_value()) return std::nullopt;
  std::string sealed(kNonceBytes + plaintext.size() + kTagBytes, '\0');
  SystemRandom().Fill(AsMutableBytes(sealed).first(kNonceBytes));
  auto* const bytes = reinterpret_cast<CK_BYTE*>(sealed.data());
  CK_GCM_PARAMS gcm{bytes, kNonceBytes, kNonceBytes * 8, nullptr, 0, kTagBytes * 8};
  CK_MECHANISM mechanism{CKM_AES_GCM, &gcm, sizeof(gcm)};
  MustBeOk(module_->call->C_EncryptInit(module_->session, &mechanism, *key));
  CK_ULONG size = sealed.size() - kNonceBytes;
  MustBeOk(module_->call->C_Encrypt(module_->session, const_cast<CK_BYTE*>(plaintext.data()),
                                    plaintext.size(), bytes + kNonceBytes, &size));
  LETHE_CHECK(size == sealed.size() - kNonceBytes);
  return sealed;
}

std::optional<std::string> TokenKeys::Open(const std::string& label, Bytes sealed) {
  const absl::MutexLock lock(&module_->mutex);
  const auto key = module_->Find(label);
  if (!key.has_value() || sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  auto* const bytes = const_cast<CK_BYTE*>(sealed.data());
  CK_GCM_PARAMS gcm{bytes, kNonceBytes, kNonceBytes * 8, nullptr, 0, kTagBytes * 8};
  CK_MECHANISM mechanism{CKM_AES_GCM, &gcm, sizeof(gcm)};
  MustBeOk(module_->call->C_DecryptInit(module_->session, &mechanism, *key));
  std::string plaintext(sealed.size(), '\0');
  CK_ULONG size = plaintext.size();
  const CK_RV result =
      module_->call->C_Decrypt(module_->session, bytes + kNonceBytes, sealed.size() - kNonceBytes,
                               reinterpret_cast<CK_BYTE*>(plaintext.data()), &size);
  if (result != CKR_OK) return std::nullopt;
  plaintext.resize(size);
  return plaintext;
}

}  // namespace lethe::test
