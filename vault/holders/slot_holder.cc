#include "vault/holders/slot_holder.h"

#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/holders/slot_io.h"
#include "vault/holders/slot_roots.h"

namespace lethe::vault::holders {
namespace {

class SlotHolder final : public Holder {
 public:
  SlotHolder(std::shared_ptr<SlotFile> file, std::string name, AssuranceProbe probe,
             std::unique_ptr<Factor> factor, std::vector<KeyService*> services)
      : file_(std::move(file)),
        name_(std::move(name)),
        probe_(std::move(probe)),
        roots_(std::move(factor), std::move(services)) {}

  std::string name() const override { return name_; }

  absl::StatusOr<std::array<Slot, kSlotsPerHolder>> ReadSlots() override {
    LETHE_TRY(CheckPlace());
    std::array<Slot, kSlotsPerHolder> slots;
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      LETHE_ASSIGN(const SealedSlot sealed, ReadSealed(*file_, slot));
      LETHE_ASSIGN(slots[slot], roots_.Open(slot, sealed));
    }
    roots_.ForgetUnused();
    return slots;
  }

  absl::Status WriteSlot(int slot, const SlotContent& content) override {
    SlotBytes bytes;
    LETHE_TRY(roots_.Seal(slot, content, bytes.span()));
    return WriteInPlace(slot, bytes);
  }

  absl::Status DestroySlot(int slot) override {
    SlotBytes zeros;
    return WriteInPlace(slot, zeros);
  }

  absl::Status DestroyStrays() override {
    std::vector<SealedSlot> slots;
    for (int slot = 0; slot < kSlotsPerHolder; ++slot) {
      LETHE_ASSIGN(SealedSlot sealed, ReadSealed(*file_, slot));
      slots.push_back(std::move(sealed));
    }
    return roots_.DestroyStrays(std::move(slots));
  }

  absl::Status CheckPlace() override {
    const absl::Status place = file_->CheckPath();
    if (place.ok()) return place;
    return Refuse(
        Reason::kHolderUnreachable,
        absl::StrFormat("the file of key holder %s is not where it was (%s): put the very "
                        "file back, or run lethe key holder rejoin %s",
                        name_, place.message(), name_));
  }

  // Weak: what the committer gave up is closed by it, and not by whoever still asks.
  PlaceProbe NewPlaceProbe() const override {
    return [weak = std::weak_ptr<const SlotFile>(file_)] {
      const std::shared_ptr<const SlotFile> file = weak.lock();
      return file != nullptr && file->CheckPath().ok();
    };
  }

  absl::StatusOr<Standing> Find(const SlotContent& current) override {
    LETHE_TRY(CheckPlace());
    // Before the reading: what comes after it shows the next time.
    const std::optional<LastChange> change = file_->FindLastChange();
    if (!change.has_value()) {
      return Refuse(Reason::kHolderUnreachable, "a holder's file does not say when it was changed");
    }
    const bool known = found_.has_value() && found_->change_time == change->time &&
                       found_->root_commitment == current.root_commitment;
    if (known) return found_->standing;
    found_.reset();
    LETHE_ASSIGN(const Standing standing, Look(current));
    if (change->settled) found_ = Found{change->time, current.root_commitment, standing};
    return standing;
  }

  Rejoined Rejoin(const SlotContent& current) override {
    if (CheckPlace().ok()) {
      const absl::StatusOr<Standing> standing = Look(current);
      if (!standing.ok()) return {.status = standing.status()};
      if (*standing == Standing::kCurrent) return {};
    }
    absl::StatusOr<PlacedFile> found = file_->OpenAtPath();
    if (!found.ok()) return {.status = found.status()};
    return found->same ? Mend(*found, current) : Move(*found, current);
  }

  std::vector<std::string> factors() const override { return roots_.factors(); }
  std::optional<ServiceKey> outer_key() const override { return roots_.outer_key(); }
  bool lacks_outer() const override { return roots_.lacks_outer(); }
  absl::StatusOr<bool> RenewOuter(Random& random) override { return roots_.RenewOuter(random); }
  void DropRenewedOuter() override { roots_.DropRenewedOuter(); }

  Assurance CheckAssurance(std::string* why) override {
    const std::optional<Assurance> own = roots_.CheckAssurance(why);
    return own.has_value() ? *own : probe_(why);
  }

 private:
  // What Find found, good for as long as nobody changes the file.
  struct Found {
    std::int64_t change_time = 0;
    std::array<std::uint8_t, 32> root_commitment{};
    Standing standing = Standing::kBehind;
  };

  // A factor that is silent cannot say whether a root opens; that none stands there is seen
  // without.
  absl::StatusOr<Standing> Look(const SlotContent& current) {
    const auto slots = ReadSlots();
    if (slots.ok()) return StandingOf(*slots, current);
    if (!absl::IsUnavailable(slots.status())) return slots.status();
    LETHE_TRY(CheckPlace());
    LETHE_ASSIGN(const Standing standing, StandingIn(*file_, current));
    if (standing == Standing::kCurrent) return slots.status();
    return standing;
  }

  // What goes to a file that the next start does not find is not written; neither here nor there.
  absl::Status WriteInPlace(int slot, SlotBytes& bytes) {
    found_.reset();
    LETHE_TRY(CheckPlace());
    const absl::Status written = WriteAndReadBack(*file_, slot, bytes);
    LETHE_TRY(CheckPlace());
    return written;
  }

  // The very file: reached in another way, or overwritten where it lies.
  Rejoined Mend(PlacedFile& found, const SlotContent& current) {
    std::string why;
    // Where the blocks are no longer those of before, nobody overwrites the root in these.
    const bool in_place = probe_(&why) >= Assurance::kTest;
    const OuterSharePtr outer = roots_.OuterOf(current);
    Swap(found);  // Even if it is refused below: the lock went along.
    const absl::StatusOr<Standing> standing = Look(current);
    if (!standing.ok()) return {.status = standing.status()};
    if (*standing == Standing::kCurrent) return {};
    if (absl::Status fit = CheckFit(*file_, current); !fit.ok()) return {.status = std::move(fit)};
    Rejoined done{.took_over = true, .left_root = !in_place && !roots_.kept_outside()};
    done.status = TakeOver(outer, current);
    if (done.status.ok()) done.status = DestroyStrays();
    return done;
  }

  Rejoined Move(PlacedFile& found, const SlotContent& current) {
    if (absl::Status fit = CheckFit(*found.file, current); !fit.ok()) {
      return {.status = std::move(fit)};
    }
    const absl::StatusOr<Standing> before = StandingIn(*file_, current);
    const bool was_there = before.ok() && *before == Standing::kCurrent;
    const OuterSharePtr outer = roots_.OuterOf(current);
    Swap(found);
    if (absl::Status taken = TakeOver(outer, current); !taken.ok()) {
      Swap(found);
      return {.status = std::move(taken)};
    }
    const bool overwritten = Overwrite(*found.file, current);
    Rejoined done{.took_over = true,
                  .left_root = !(was_there && overwritten) && !roots_.kept_outside()};
    // Where both names led to the same blocks by two ways (a device mounted twice) the root left
    // them altogether, and is written again.
    done.status = TakeOver(outer, current);
    if (done.status.ok()) done.status = DestroyStrays();
    return done;
  }

  void Swap(PlacedFile& found) {
    found_.reset();
    std::swap(file_, found.file);
    std::swap(probe_, found.probe);
  }

  // `current` alone, whatever the file has, and the slot that may have it already is the last that
  // is touched.
  absl::Status TakeOver(const OuterSharePtr& outer, const SlotContent& current) {
    int slot = 0;
    for (int i = 0; i < kSlotsPerHolder; ++i) {
      LETHE_ASSIGN(const SealedSlot sealed, ReadSealed(*file_, i));
      const bool holds = sealed.state == Slot::State::kWhole &&
                         sealed.head.root_commitment == current.root_commitment;
      if (holds) slot = 1 - i;
    }
    SlotBytes bytes;
    LETHE_TRY(roots_.SealWith(outer, current, bytes.span()));
    LETHE_TRY(WriteInPlace(slot, bytes));
    LETHE_TRY(DestroySlot(1 - slot));
    LETHE_ASSIGN(const auto slots, ReadSlots());
    const bool given = slots[slot].state == Slot::State::kWhole &&
                       slots[slot].content->root_commitment == current.root_commitment;
    return given ? absl::OkStatus() : NotWritten();
  }

  std::shared_ptr<SlotFile> file_;
  const std::string name_;
  AssuranceProbe probe_;
  SlotRoots roots_;
  std::optional<Found> found_;
};

}  // namespace

std::unique_ptr<Holder> NewSlotHolder(std::shared_ptr<SlotFile> file, std::string name,
                                      AssuranceProbe probe, std::unique_ptr<Factor> factor,
                                      std::vector<KeyService*> services) {
  return std::make_unique<SlotHolder>(std::move(file), std::move(name), std::move(probe),
                                      std::move(factor), std::move(services));
}

std::unique_ptr<Holder> NewHolderOn(std::shared_ptr<SlotFile> file, std::string name,
                                    Assurance assurance) {
  return NewSlotHolder(std::move(file), std::move(name), [assurance](std::string* why) {
    why->clear();
    return assurance;
  });
}

}  // namespace lethe::vault::holders
