// Facts are what a caller can find out about a vault: the state of each person, whom an identifier
// finds, what each record says. A test keeps the facts it was told of and asks again after a crash.
#ifndef LETHE_TESTS_VAULT_WHOLE_FACTS_H_
#define LETHE_TESTS_VAULT_WHOLE_FACTS_H_

#include <compare>
#include <map>
#include <string>

#include "base/ids.h"
#include "vault/vault.h"

namespace lethe::test {

// One question. Of a record its category is known too, since the purpose of a read hangs on it.
struct Question {
  enum class About { kState, kIdentifier, kRecord };
  About about = About::kState;
  SubjectTag subject;
  RecordTag record;
  std::string category;
  std::string type;   // Of the identifier.
  std::string value;  // Of the identifier.

  friend auto operator<=>(const Question&, const Question&) = default;
};

// The answers that are no data.
inline constexpr char kGone[] = "gone";              // Never there, deleted, erased: all alike.
inline constexpr char kRestricted[] = "restricted";  // Art. 18: stored, not shown.

using Facts = std::map<Question, std::string>;

// Asks the vault as the service does, and where it is refused as the tax office would be answered.
// An answer that is neither data nor one of the above says which error it was.
std::string Ask(vault::Vault& vault, const Question& question);

// As answered about a subject's state; "active", "restricted", "partly erased".
std::string StateText(vault::SubjectState state, bool restricted);

// How the answers of a vault differ from what was told.
struct Differences {
  std::size_t asked = 0;
  std::string lost;       // Told, and not answered so. One line each.
  std::string undone;     // Told to be gone or restricted, and answered with data.
  bool is_after = false;  // Of what was open, all is done.

  bool none() const { return lost.empty() && undone.empty(); }
};

// Without the questions that need the table of identifiers.
Facts WithoutIdentifiers(const Facts& facts);

// Asks everything that was told before a change, and after it, when nobody knows whether the change
// is done: all answers must be the one, or all the other.
Differences Compare(vault::Vault& vault, const Facts& before, const Facts& after);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_FACTS_H_
