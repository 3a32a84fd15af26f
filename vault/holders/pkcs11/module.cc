#include "vault/holders/pkcs11/module.h"

#include <map>
#include <string_view>

#include <dlfcn.h>

#include "absl/base/const_init.h"
#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/reason.h"

namespace lethe::vault::holders::pkcs11 {
namespace {

absl::Mutex loading(absl::kConstInit);

absl::Status Unloadable(std::string_view message) {
  return Refuse(Reason::kHolderUnreachable, message);
}

}  // namespace

absl::StatusOr<std::shared_ptr<Module>> Module::Load(const std::string& path) {
  absl::MutexLock lock(&loading);
  static auto& loaded = *new std::map<std::string, std::shared_ptr<Module>>();
  if (const auto known = loaded.find(path); known != loaded.end()) return known->second;

  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) return Unloadable("the PKCS#11 module cannot be loaded");
  const auto get_functions =
      reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (get_functions == nullptr || get_functions(&functions) != CKR_OK || functions == nullptr) {
    return Unloadable("the library is not a PKCS#11 module");
  }
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV started = functions->C_Initialize(&arguments);
  if (started != CKR_OK && started != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    return Unloadable("the PKCS#11 module does not start");
  }
  return loaded[path] = std::shared_ptr<Module>(new Module(functions));
}

std::string Module::Manufacturer() const {
  CK_INFO info{};
  if (functions_->C_GetInfo(&info) != CKR_OK) return {};
  std::string name(reinterpret_cast<const char*>(info.manufacturerID), sizeof(info.manufacturerID));
  name.erase(name.find_last_not_of(' ') + 1);
  return name;
}

}  // namespace lethe::vault::holders::pkcs11
