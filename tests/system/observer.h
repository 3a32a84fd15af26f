// An Observer asks a running server everything it can about one subject and puts the answers
// together to one state, for the model to judge.
#ifndef LETHE_TESTS_SYSTEM_OBSERVER_H_
#define LETHE_TESTS_SYSTEM_OBSERVER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/client.h"
#include "tests/system/model.h"

namespace lethe::test {

// For one thread and one subject.
class Observer {
 public:
  Observer(const Client& client, SubjectModel& model) : client_(client), model_(model) {}

  // Learns names on the way. UNAVAILABLE: the server did not answer, nothing was learnt.
  absl::StatusOr<SubjectState> Look();
  // What no state can express: an answer that contradicts another, a refusal of the wrong kind.
  const std::vector<Fault>& faults() const { return faults_; }

 private:
  absl::Status LookForIdentifiers(SubjectState& seen);
  absl::Status LookAtSubject(SubjectState& seen);
  absl::Status LookAtRecords(SubjectState& seen);
  absl::Status LookAtRestricted(SubjectState& seen);
  absl::Status LookForTheDead(const SubjectState& seen);
  absl::Status LookAtReceipt();

  absl::Status Unanswered(const CallError& error) const;
  void Blame(Fault::Kind kind, const std::string& what);
  void Take(const std::vector<RecordView>& records, SubjectState& seen);

  const Client& client_;
  SubjectModel& model_;
  std::vector<Fault> faults_;
};

// The records within a report or an export: slot to data.
std::map<std::string, std::string> RecordsIn(const std::string& document);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_OBSERVER_H_
