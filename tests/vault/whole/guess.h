// "Was Alice here?" The attacker has every byte ever written and the root of now, and guesses: by
// opening, by hashing the guess in every usual way and looking for the hash, and by what can be
// seen of her without opening anything: addresses, sizes, times of re-keying. Each way has its
// control: somebody who lives is found, a planted index is seen.
#ifndef LETHE_TESTS_VAULT_WHOLE_GUESS_H_
#define LETHE_TESTS_VAULT_WHOLE_GUESS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/vault/whole/omniscient_disk.h"
#include "tests/vault/whole/recorded_vault.h"

namespace lethe::test {

// A small life: each of `names` comes with an e-mail address and a record, some get another address
// or lose it, are restricted, erased, between restarts. All but the names follows from the seed.
class SmallLife {
 public:
  // `plant`: beside each address an unkeyed hash of it is written, as a careless vault might.
  SmallLife(std::uint64_t seed, const std::vector<std::string>& names, bool plant = false);

  RecordedVault& world() { return world_; }
  const std::vector<std::string>& erased() const { return erased_; }  // Addresses.
  const std::vector<std::string>& living() const { return living_; }
  // What the vault refused first, against all expectation.
  const absl::Status& status() const { return status_; }

 private:
  void Expect(const absl::Status& status) {
    if (status_.ok()) status_ = status;
  }
  vault::Caller As();
  void Come(const std::string& name, bool plant);
  void LeadALife(std::size_t person, std::uint64_t choice);
  void Erase(std::size_t person);

  RecordedVault world_;
  std::vector<SubjectTag> people_;
  std::vector<std::string> addresses_;
  std::vector<std::string> erased_;
  std::vector<std::string> living_;
  absl::Status status_;
};

// What a careless vault might have written of an address: itself and its unkeyed hashes, whole or
// cut. The first is the address.
std::vector<std::string> TracesOf(const std::string& address);

struct GuessTally {
  std::size_t guesses = 0;
  std::size_t erased = 0;
  std::size_t erased_found = 0;
  std::size_t strangers_found = 0;  // Who was never here.
  std::size_t living = 0;
  std::size_t living_found = 0;   // The control: all of them.
  std::size_t planted_found = 0;  // Of the erased, where hashes were planted: all of them.
  std::size_t sights = 0;         // Lines that two lives with other names were compared by.
  std::size_t sights_differ = 0;
  std::size_t planted_differ = 0;    // Where hashes were planted.
  std::vector<std::string> refused;  // By a vault that should not have; with the seed.
  // Empty if nobody was found who is gone and every control succeeded.
  std::vector<std::string> Faults() const;
  void Add(const GuessTally& more);
};

// One life, guessed at in every way.
GuessTally GuessAt(std::uint64_t seed);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_GUESS_H_
