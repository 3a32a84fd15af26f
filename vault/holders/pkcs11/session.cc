#include "vault/holders/pkcs11/session.h"

#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>

#include "base/bytes.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::holders::pkcs11 {
namespace {

absl::Status Unreachable(std::string_view message) {
  return Refuse(Reason::kHolderUnreachable, message);
}

std::string_view Unpadded(const unsigned char* text, std::size_t size) {
  std::string_view view(reinterpret_cast<const char*>(text), size);
  return view.substr(0, view.find_last_not_of(' ') + 1);
}

absl::StatusOr<CK_SLOT_ID> FindSlot(const Module& module, const std::string& label) {
  CK_ULONG count = 0;
  if (module->C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK) {
    return Unreachable("the PKCS#11 module does not list its slots");
  }
  std::vector<CK_SLOT_ID> slots(count);
  if (module->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) {
    return Unreachable("the PKCS#11 module does not list its slots");
  }
  slots.resize(count);
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO info{};
    if (module->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
    if (Unpadded(info.label, sizeof(info.label)) == label) return slot;
  }
  return Unreachable("there is no token of the holder's label");
}

// The user PIN, wiped.
class Pin {
 public:
  ~Pin() { Wipe(text_); }
  Pin() = default;
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

  absl::Status Read(const std::string& path) {
    struct stat found;
    if (stat(path.c_str(), &found) != 0) return Unreachable("the token's PIN file is not there");
    if ((found.st_mode & S_IRWXO) != 0) {
      return Unreachable("the token's PIN file is open to everybody: chmod o= it");
    }
    std::ifstream file(path, std::ios::binary);
    text_.reserve(static_cast<std::size_t>(found.st_size));  // No copies left where it grew.
    text_.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (!file) return Unreachable("the token's PIN file cannot be read");
    while (!text_.empty() && (text_.back() == '\n' || text_.back() == '\r')) text_.pop_back();
    return absl::OkStatus();
  }
  CK_UTF8CHAR* data() { return reinterpret_cast<CK_UTF8CHAR*>(text_.data()); }
  CK_ULONG size() const { return text_.size(); }

 private:
  std::string text_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const TokenSpec& spec) {
  LETHE_ASSIGN(std::shared_ptr<Module> module, Module::Load(spec.module));
  LETHE_ASSIGN(const CK_SLOT_ID slot, FindSlot(*module, spec.token));
  Pin pin;
  LETHE_TRY(pin.Read(spec.pin_file));
  CK_SESSION_HANDLE handle = 0;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  if ((*module)->C_OpenSession(slot, flags, nullptr, nullptr, &handle) != CKR_OK) {
    return Unreachable("the token opens no session");
  }
  std::unique_ptr<Session> session(new Session(module, slot, handle));
  const CK_RV logged_in = (*module)->C_Login(handle, CKU_USER, pin.data(), pin.size());
  if (logged_in != CKR_OK && logged_in != CKR_USER_ALREADY_LOGGED_IN) {
    return Unreachable("the token does not take the PIN");
  }
  return session;
}

// Others of this process may use the token, and logging out would end their sessions too.
Session::~Session() { (*module_)->C_CloseSession(handle_); }

bool Session::Alive() const {
  CK_SESSION_INFO info{};
  return (*module_)->C_GetSessionInfo(handle_, &info) == CKR_OK;
}

}  // namespace lethe::vault::holders::pkcs11
