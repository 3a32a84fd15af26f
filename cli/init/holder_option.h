// A holder as --holder takes it: FILE, or a file whose slots a PKCS#11 token seals,
//
//   pkcs11:module=FILE;token=LABEL;pin-file=FILE;slots=FILE
#ifndef LETHE_CLI_INIT_HOLDER_OPTION_H_
#define LETHE_CLI_INIT_HOLDER_OPTION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "vault/model/holder_spec.h"

namespace lethe::cli {

// With its paths made absolute. USAGE names what is missing, unknown or there twice.
absl::StatusOr<vault::HolderSpec> ParseHolder(const std::string& text);
// One a text, in their order.
absl::StatusOr<std::vector<vault::HolderSpec>> ParseHolders(const std::vector<std::string>& texts);

// --holder of what must be told of every holder.
inline constexpr char kEachHolder[] =
    "Each of the vault's holders where it is, as lethe init takes it and in its order, never a "
    "copy; also one whose file is gone, or that is retired";

// For people: the file of the slots, and the token where there is one.
std::string HolderText(const vault::HolderSpec& holder);

// Of a path as typed; relative to the working directory.
std::string Absolute(const std::string& path);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INIT_HOLDER_OPTION_H_
