#include "vault/holders/reopening_holder.h"

#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::holders {
namespace {

absl::Status Absent() { return Refuse(Reason::kHolderUnreachable, "the holder is not there"); }

class ReopeningHolder final : public Holder {
 public:
  ReopeningHolder(std::string name, std::string factor, HolderOpener open)
      : name_(std::move(name)), factor_(std::move(factor)), open_(std::move(open)) {}

  std::string name() const override { return name_; }

  absl::StatusOr<std::array<Slot, kSlotsPerHolder>> ReadSlots() override {
    LETHE_TRY(Reach());
    auto slots = inner_->ReadSlots();
    // The file may be back as another one, on a volume mounted anew. One that lost its path is
    // kept: nothing but its descriptor can still overwrite the root in it.
    if (absl::IsUnavailable(slots.status()) && inner_->CheckPlace().ok()) inner_.reset();
    return slots;
  }
  absl::Status WriteSlot(int slot, const SlotContent& content) override {
    LETHE_TRY(Reach());
    return inner_->WriteSlot(slot, content);
  }
  absl::Status DestroySlot(int slot) override {
    LETHE_TRY(Reach());
    return inner_->DestroySlot(slot);
  }
  absl::Status DestroyStrays() override {
    LETHE_TRY(Reach());
    return inner_->DestroyStrays();
  }
  absl::Status CheckPlace() override {
    return inner_ == nullptr ? absl::OkStatus() : inner_->CheckPlace();
  }
  PlaceProbe NewPlaceProbe() const override {
    return inner_ == nullptr ? PlaceProbe([] { return false; }) : inner_->NewPlaceProbe();
  }
  absl::StatusOr<Standing> Find(const SlotContent& current) override {
    LETHE_TRY(Reach());
    return inner_->Find(current);
  }
  // One that was never open is not made anew: the file that is away may hold a root.
  Rejoined Rejoin(const SlotContent& current) override {
    if (absl::Status reached = Reach(); absl::IsUnavailable(reached)) {
      return {.status = Refuse(Reason::kHolderUnreachable,
                               "the holder was never there since the start: mount its volume or "
                               "put its file back, or retire it for good")};
    } else if (!reached.ok()) {
      return {.status = std::move(reached)};
    }
    return inner_->Rejoin(current);
  }
  std::vector<std::string> factors() const override {
    return inner_ == nullptr ? std::vector<std::string>{factor_} : inner_->factors();
  }
  std::optional<ServiceKey> outer_key() const override {
    return inner_ == nullptr ? std::nullopt : inner_->outer_key();
  }
  bool lacks_outer() const override { return inner_ != nullptr && inner_->lacks_outer(); }
  absl::StatusOr<bool> RenewOuter(Random& random) override {
    LETHE_TRY(Reach());
    return inner_->RenewOuter(random);
  }
  void DropRenewedOuter() override {
    if (inner_ != nullptr) inner_->DropRenewedOuter();
  }
  Assurance CheckAssurance(std::string* why) override {
    if (inner_ != nullptr) return inner_->CheckAssurance(why);
    *why = "the holder is not there";
    return Assurance::kNone;
  }

 private:
  absl::Status Reach() {
    if (inner_ != nullptr) return absl::OkStatus();
    absl::StatusOr<std::unique_ptr<Holder>> opened = open_();
    if (absl::IsNotFound(opened.status()) || absl::IsUnavailable(opened.status())) return Absent();
    LETHE_ASSIGN(inner_, std::move(opened));
    return absl::OkStatus();
  }

  const std::string name_;
  const std::string factor_;
  const HolderOpener open_;
  std::unique_ptr<Holder> inner_;  // Null: not there when last asked.
};

}  // namespace

std::unique_ptr<Holder> NewReopeningHolder(std::string name, std::string factor,
                                           HolderOpener open) {
  return std::make_unique<ReopeningHolder>(std::move(name), std::move(factor), std::move(open));
}

}  // namespace lethe::vault::holders
