// A Policy says who may do what, for which purpose, and how long a record is kept. A value without
// disk, clock or locks: each answer depends on its arguments alone.
//
// The document is YAML, one per tenant (docs/policy.md):
//   policy: acme-2026-01
//   time_zone: Europe/Rome
//   purposes: allow-all            # or a list of purpose names
//   erasure: {undo_window: P7D}    # absent: an erase is done when it is answered
//   categories:
//     - name: account
//       id: 1                      # on disk, never reuse
//       purposes: [service]        # default: all
//       anchor: contract_end       # or created
//       period: P0D                # absent: kept until erased
//       origin_portable: true      # counts as Art. 20 data when provided or observed
//     - name: billing
//       id: 2
//       anchor: created
//       period: P10Y
//       legal_obligation: {reference: "IT d.P.R. 600/1973 Art. 22", purposes: [tax],
//                          keep_identifiers: [customer_number]}
#ifndef LETHE_VAULT_POLICY_POLICY_H_
#define LETHE_VAULT_POLICY_POLICY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/calendar.h"

namespace lethe::vault::policy {

enum class Anchor : std::uint8_t {  // On disk; never reuse.
  kCreated = 1,
  kContractEnd = 2,
  kLicenceEnd = 3,
  kLastInteraction = 4,
  kConsentWithdrawal = 5,
};

// A duty of law that outlives an erase (Art. 17(3)(b)).
struct LegalObligation {
  std::string reference;
  std::vector<std::string> purposes;          // The only ones that read withheld data.
  std::vector<std::string> keep_identifiers;  // Identifier types the duty needs; all others die.
};

struct Category {
  std::string name;
  std::uint32_t id = 0;
  std::vector<std::string> purposes;  // Empty: every purpose of the policy.
  Anchor anchor = Anchor::kCreated;
  std::optional<CalendarSpan> period;  // Absent: kept until erased.
  std::optional<LegalObligation> legal_obligation;
  bool portable = true;  // Art. 20: rests on consent or contract.

  // Does its end hang on the record's own origin time (then its records share period secrets)?
  bool counts_from_creation() const { return anchor == Anchor::kCreated && period.has_value(); }
};

// When every record of `category` whose origin lies in that local day of `zone` ends; nullopt where
// its end does not hang on the origin.
std::optional<absl::Time> EndOfDay(const Category& category, std::int32_t local_day,
                                   const absl::TimeZone& zone);

class Policy {
 public:
  static constexpr std::size_t kCategoriesMax = 256;

  // INVALID_ARGUMENT: the message names line and rule; unknown and duplicate keys are errors.
  static absl::StatusOr<Policy> Parse(std::string_view yaml);

  const std::string& name() const { return name_; }
  // Among the versions of its tenant's policy (tenants/policy_store.h); 0: it is none of them.
  std::uint32_t number() const { return number_; }
  void set_number(std::uint32_t number) { number_ = number; }
  const absl::TimeZone& time_zone() const { return time_zone_; }
  const std::vector<Category>& categories() const { return categories_; }
  const Category* Find(std::string_view category) const;
  const Category* FindById(std::uint32_t id) const;
  // When an erase that is asked for `now` runs; nullopt: at once.
  std::optional<absl::Time> EraseTime(absl::Time now) const;
  // Declared by the policy, or all are allowed.
  bool KnowsPurpose(std::string_view purpose) const;
  // May `purpose` touch `category` while nothing special holds?
  bool Allows(std::string_view purpose, const Category& category) const;
  // Does `purpose` carry out the duty of law behind `category`?
  bool ServesObligation(std::string_view purpose, const Category& category) const;
  // The same for any category: may it know that something was withheld at all?
  bool ServesAnyObligation(std::string_view purpose) const;
  // When a record of `category` with this origin time ends; nullopt while its clock has not
  // started.
  std::optional<absl::Time> EndOf(const Category& category, absl::Time origin) const;

 private:
  friend class PolicyParser;
  std::string name_;
  std::uint32_t number_ = 0;
  absl::TimeZone time_zone_;
  std::optional<CalendarSpan> undo_window_;
  bool all_purposes_ = false;
  std::vector<std::string> purposes_;
  std::vector<Category> categories_;
};

}  // namespace lethe::vault::policy

#endif  // LETHE_VAULT_POLICY_POLICY_H_
