// A SlotHolder is a Holder whose two slots lie in one SlotFile.
#ifndef LETHE_VAULT_HOLDERS_SLOT_HOLDER_H_
#define LETHE_VAULT_HOLDERS_SLOT_HOLDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "vault/holders/factor.h"
#include "vault/holders/file_holder.h"
#include "vault/holders/holder.h"
#include "vault/holders/key_service.h"

namespace lethe::vault::holders {

// Far apart, so that no device sector, RAID stripe or flash page of usual size holds both.
inline constexpr std::uint64_t kSlotDistanceBytes = 1u << 20;
// A slot and room behind it for later formats: a file that grows gets blocks elsewhere.
inline constexpr std::uint64_t kHolderFileBytes = kSlotDistanceBytes + (64u << 10);

// `services` seal the outer part (the first) and open it (all); they outlive the holder.
std::unique_ptr<Holder> NewSlotHolder(std::shared_ptr<SlotFile> file, std::string name,
                                      AssuranceProbe probe,
                                      std::unique_ptr<Factor> factor = NewFileFactor(),
                                      std::vector<KeyService*> services = {});

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_SLOT_HOLDER_H_
