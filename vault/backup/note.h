// What was found when a backup was read last, kept beside its manifest for whoever does not want to
// read it again. Unsigned: it is believed less than a read, and says nothing about another manifest
// than its own.
//
//   <position, 20 digits>.verified = "lethe-verified-v1 " SHA-256 of the manifest's text " "
//                                    the contents' looks (verification.h) " " RFC 3339 time, line
//                                    feed, for each bad content "bad " SHA-256 " " fault, line
//                                    feed, "sum " SHA-256 of all before it, line feed; digests in
//                                    hex
#ifndef LETHE_VAULT_BACKUP_NOTE_H_
#define LETHE_VAULT_BACKUP_NOTE_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/hash.h"
#include "vault/backup/content.h"
#include "vault/backup/verification.h"

namespace lethe::vault::backup {

struct Note {
  crypto::Digest manifest{};
  crypto::Digest looks{};
  absl::Time verify_time;
  std::map<crypto::Digest, Fault> bad;
};

Note NoteOf(const crypto::Digest& manifest, const Verdict& verdict, absl::Time now);

std::string Encode(const Note& note);
// DATA_LOSS: it is not what Encode writes.
absl::StatusOr<Note> DecodeNote(const std::string& text);

}  // namespace lethe::vault::backup

#endif  // LETHE_VAULT_BACKUP_NOTE_H_
