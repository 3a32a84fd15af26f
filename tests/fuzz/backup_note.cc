// What was found when a backup was read last: text in a folder that anybody may have written to.
//
//   input = U8 repairs, text; bit 0: its sum is made to fit
#include "crypto/hash.h"
#include "tests/fuzz/fuzz_target.h"
#include "vault/backup/note.h"

namespace lethe::fuzz {

LETHE_FUZZ_TARGET(backup_note) {
  ByteReader in(input);
  const bool mend = (in.U8() & 1) != 0;
  std::string text(AsText(in.Raw(in.remaining())));
  if (mend) text += "sum " + ToHex(crypto::Sha256(AsBytes(text))) + "\n";
  const auto note = vault::backup::DecodeNote(text);
  if (!note.ok()) return Refused(note.status());
  LETHE_CHECK(Encode(*note) == text);
  for (const auto& [content, fault] : note->bad) {
    LETHE_CHECK(fault != vault::backup::Fault::kNone && !NameOf(fault).empty());
  }
  return true;
}

}  // namespace lethe::fuzz
