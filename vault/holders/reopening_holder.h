// A ReopeningHolder stands for a holder that may be absent: its file or token is reached for at
// every call until it is there, and again after it fell silent.
#ifndef LETHE_VAULT_HOLDERS_REOPENING_HOLDER_H_
#define LETHE_VAULT_HOLDERS_REOPENING_HOLDER_H_

#include <functional>
#include <memory>
#include <string>

#include "vault/holders/holder.h"

namespace lethe::vault::holders {

using HolderOpener = std::function<absl::StatusOr<std::unique_ptr<Holder>>()>;

// `factor` is what an absent holder is said to be made of. What `open` does not find (NOT_FOUND) or
// reach (UNAVAILABLE) is silent; its other errors are the answer of ReadSlots.
std::unique_ptr<Holder> NewReopeningHolder(std::string name, std::string factor, HolderOpener open);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_REOPENING_HOLDER_H_
