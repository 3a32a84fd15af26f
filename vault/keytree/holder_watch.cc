#include "vault/keytree/holder_watch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace lethe::vault::keytree {

using holders::HolderSet;

bool HolderWatch::Look(HolderSet& holders, const holders::SlotContent& current) {
  auto look = std::make_shared<const HolderSet::Look>(holders.LookAt(current));
  const bool behind = look->behind;
  absl::MutexLock lock(&mutex_);
  last_ = std::move(look);
  return behind;
}

bool HolderWatch::Stands() const {
  const auto look = last();
  return look != nullptr && !look->stranded &&
         std::ranges::any_of(look->standing, [](const auto& stands) { return stands(); });
}

std::vector<std::string> HolderWatch::lost() const {
  const auto look = last();
  return look == nullptr ? std::vector<std::string>() : look->lost;
}

absl::Status HolderWatch::Refusal() const {
  const auto look = last();
  const bool named = look != nullptr && !look->lost.empty();
  return Refuse(Reason::kHolderUnreachable,
                absl::StrCat("nothing is written that the next start could not open: ",
                             named ? look->lost.front() : "a key holder is away"));
}

std::shared_ptr<const HolderSet::Look> HolderWatch::last() const {
  absl::MutexLock lock(&mutex_);
  return last_;
}

}  // namespace lethe::vault::keytree
