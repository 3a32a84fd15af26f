#include "vault/open/open_holders.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "vault/holders/factor.h"
#include "vault/holders/file_holder.h"
#include "vault/holders/pkcs11/token.h"
#include "vault/holders/reopening_holder.h"

namespace lethe::vault {
namespace {

holders::FileHolderOptions OptionsOf(const std::string& data_dir, const Descriptor& descriptor,
                                     std::size_t index) {
  const HolderSpec& spec = descriptor.holders[index];
  return {.path = ResolvePath(data_dir, spec.slots),
          .name = HolderName(descriptor, index),
          .dev = descriptor.dev,
          .token = spec.token.has_value()};
}

holders::HolderOpener OpenerOf(const holders::FileHolderOptions& options, const HolderSpec& spec,
                               const VaultId& vault, std::vector<holders::KeyService*> services,
                               Random& random) {
  return [options, spec, vault, services = std::move(services), &random] {
    std::unique_ptr<holders::Factor> factor =
        spec.token.has_value()
            ? holders::NewTokenFactor(holders::pkcs11::NewTokenKeys(*spec.token, vault, random))
            : holders::NewFileFactor();
    return holders::OpenFileHolder(options, services, std::move(factor));
  };
}

}  // namespace

std::string ResolvePath(const std::string& data_dir, const std::string& path) {
  return path.starts_with('/') ? path : data_dir + "/" + path;
}

std::string HolderName(const Descriptor& descriptor, std::size_t index) {
  const char* kind = descriptor.holders[index].token.has_value() ? "pkcs11" : "file";
  return absl::StrFormat("%s-%d", kind, index + 1);
}

absl::Status CreateHolderFiles(const std::string& data_dir, const Descriptor& descriptor) {
  for (std::size_t i = 0; i < descriptor.holders.size(); ++i) {
    LETHE_TRY(holders::CreateHolderFile(OptionsOf(data_dir, descriptor, i)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::unique_ptr<holders::Holder>>> OpenHolders(
    const std::string& data_dir, const Descriptor& descriptor,
    const std::vector<holders::KeyService*>& services, Random& random) {
  std::vector<std::unique_ptr<holders::Holder>> holders;
  for (std::size_t i = 0; i < descriptor.holders.size(); ++i) {
    const HolderSpec& spec = descriptor.holders[i];
    const holders::FileHolderOptions options = OptionsOf(data_dir, descriptor, i);
    holders::HolderOpener open = OpenerOf(options, spec, descriptor.id, services, random);
    if (descriptor.holders.size() == 1) {
      LETHE_ASSIGN(auto holder, open());
      holders.push_back(std::move(holder));
      continue;
    }
    holders.push_back(holders::NewReopeningHolder(
        options.name, spec.token.has_value() ? "pkcs11" : "file", std::move(open)));
  }
  return holders;
}

}  // namespace lethe::vault
