// A Worker puts a mixed load on a server for subjects that are its own, keeps the model of them,
// and compares both after a restart.
#ifndef LETHE_TESTS_SYSTEM_WORKER_H_
#define LETHE_TESTS_SYSTEM_WORKER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/totals.h"
#include "tests/system/client.h"
#include "tests/system/load_gate.h"
#include "tests/system/made_up.h"
#include "tests/system/model.h"

namespace lethe::test {

enum class Operation {
  kCreate,
  kPut,
  kUpdate,
  kDelete,
  kAdd,
  kRemove,
  kRestrict,
  kLift,
  kErase,
  kImport,
  kRead,
  kDefy,  // What a restriction forbids.
};

// For one thread at a time. Workers of one vault differ in `index`.
class Worker {
 public:
  Worker(std::uint64_t seed, int index);

  // From now on the server may say that a write failed, which leaves a change open; else only its
  // death may.
  void ExpectFailedWrites() { failed_writes_expected_ = true; }

  // Operations until the gate closes or the server is gone.
  void Work(const Client& client, LoadGate& gate);
  // Makes somebody for whom `operation` is possible, and then does it, for a caller that wants to
  // hit that one change. False: the server did not answer.
  bool Prepare(const Client& client, Operation operation);
  bool Do(const Client& client, Operation operation);
  // After a restart: every subject ever made is looked at and judged; then what was left open is
  // sent again under its old request id, which must succeed and leave exactly one outcome.
  void Check(const Client& client);

  const Totals& totals() const { return totals_; }

 private:
  struct Person {
    explicit Person(std::string label) : model(std::move(label)) {}
    SubjectModel model;
    int records_made = 0;
  };
  // A change to be sent again.
  using Resend = std::function<CallError(const Client& client)>;
  struct Open {
    Person* person;
    Change change;
    Resend resend;
  };

  Operation Choose(const Person& person);
  void Step(const Client& client);
  void Perform(const Client& client, Person& person, Operation operation);
  void Create(const Client& client);
  void PutOne(const Client& client, Person& person);
  void UpdateOne(const Client& client, Person& person);
  void DeleteOne(const Client& client, Person& person);
  void AddOne(const Client& client, Person& person);
  void RemoveOne(const Client& client, Person& person);
  void SetRestriction(const Client& client, Person& person, bool restricted);
  void EraseAll(const Client& client, Person& person);
  void ImportSome(const Client& client, Person& person);
  void Read(const Client& client, Person& person);
  void TryDespiteRestriction(const Client& client, Person& person);

  // Sends a change and enters its outcome into the model; true if it was acknowledged.
  bool Send(const Client& client, Person& person, const Change& change, const Resend& send);
  void Judge(const Client& client, Person& person);
  void SendAgain(const Client& client, Open& open);
  void Blame(Fault::Kind kind, const Person& person, const std::string& what);

  Person* PickAlive();
  // A record that may be changed, or deleted; empty if there is none.
  std::string PickRecord(const Person& person, bool to_delete);
  std::string NewSlot(Person& person);
  Identifier NewEmail();
  std::string PickCategory();

  const int index_;
  Rng rng_;
  std::vector<std::unique_ptr<Person>> people_;
  std::vector<Open> open_;
  // Of the erased: somebody else may come with them, and is nobody's continuation.
  std::vector<Identifier> freed_;
  std::uint64_t identifiers_made_ = 0;
  bool server_gone_ = false;
  bool failed_writes_expected_ = false;
  Totals totals_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_WORKER_H_
