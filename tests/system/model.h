// What the vault has acknowledged, as a test believes it.
//
// The model keeps for every subject the set of states it may be in. An acknowledged change moves
// every one of them; a change whose outcome is unknown leaves both what was and what may be. What
// the server shows after a restart must be one of them, and then is the only one.
#ifndef LETHE_TESTS_SYSTEM_MODEL_H_
#define LETHE_TESTS_SYSTEM_MODEL_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/totals.h"
#include "tests/system/client.h"

namespace lethe::test {

enum class Life { kAbsent, kActive, kPartiallyErased, kErased };

// One state of one subject, whole. Records are known by their slot, which stands in their data:
// unlike a resource name it is known before the call.
struct SubjectState {
  Life life = Life::kAbsent;
  bool restricted = false;
  std::set<Identifier> identifiers;
  std::map<std::string, std::string> records;  // Slot to data.
  friend bool operator==(const SubjectState&, const SubjectState&) = default;
  friend bool operator<(const SubjectState& a, const SubjectState& b) {
    return std::tie(a.life, a.restricted, a.identifiers, a.records) <
           std::tie(b.life, b.restricted, b.identifiers, b.records);
  }
};

using Change = std::function<void(SubjectState& state)>;

// Changes, as the vault promises them.
Change Creation(const std::vector<Identifier>& identifiers);
Change Put(const std::string& slot, const std::string& data);
Change Removal(const std::string& slot);
Change IdentifierAdded(const Identifier& identifier);
Change IdentifierRemoved(const Identifier& identifier);
Change RestrictionSet(bool restricted);
// What the law withholds stays: records whose slot begins with kBilling, and then the identifiers
// of type kCustomerNumber.
Change Erasure();

// What broke a promise. A write that is gone is lost; one that was taken back and is there again is
// undone.
struct Fault {
  enum class Kind { kLost, kUndone } kind = Kind::kLost;
  std::string text;
};

void Count(const Fault& fault, Totals& totals);

// For one thread.
class SubjectModel {
 public:
  explicit SubjectModel(std::string label) : label_(std::move(label)), possible_{SubjectState()} {}

  const std::string& label() const { return label_; }
  bool settled() const { return possible_.size() == 1; }
  const SubjectState& state() const { return *possible_.begin(); }  // Only if settled.
  const std::set<SubjectState>& possible() const { return possible_; }
  bool MayBe(const std::function<bool(const SubjectState&)>& what) const;

  // Every identifier and slot that any state ever had: also what must be gone is asked for.
  const std::set<Identifier>& identifiers_ever() const { return identifiers_ever_; }

  void Acknowledge(const Change& change);
  void LeaveOpen(const Change& change);
  // Compares what the server shows, and believes it from then on.
  std::optional<Fault> Observe(const SubjectState& seen);

  // Resource names, as far as known.
  std::string name;
  std::map<std::string, std::string> record_names;  // Slot to name.
  std::optional<ErasureView> erasure;               // The acknowledged receipt.

 private:
  void Remember();

  std::string label_;
  std::set<SubjectState> possible_;
  std::set<Identifier> identifiers_ever_;
};

// The difference in words; empty if there is none.
std::string Difference(const SubjectState& expected, const SubjectState& seen);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_MODEL_H_
