#include "vault/backup/note.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"

namespace lethe::vault::backup {
namespace {

constexpr char kWord[] = "lethe-verified-v1";
constexpr char kBad[] = "bad";
constexpr char kSum[] = "sum";
constexpr Fault kFaults[] = {Fault::kMissing, Fault::kUnreadable, Fault::kOtherSize,
                             Fault::kOtherBytes};

absl::Status Malformed() { return absl::DataLossError("a backup's note is damaged"); }

// Capitals and other letters than hexadecimal ones are found out by encoding it again.
std::optional<crypto::Digest> DigestFrom(const std::string& hex) {
  return ArrayFrom<sizeof(crypto::Digest)>(AsBytes(absl::HexStringToBytes(hex)));
}

std::optional<Fault> FaultFrom(const std::string& name) {
  for (const Fault fault : kFaults) {
    if (NameOf(fault) == name) return fault;
  }
  return std::nullopt;
}

}  // namespace

Note NoteOf(const crypto::Digest& manifest, const Verdict& verdict, absl::Time now) {
  Note note{.manifest = manifest, .looks = verdict.looks, .verify_time = now};
  for (const BadFile& bad : verdict.bad) note.bad.emplace(bad.file.sha256, bad.fault);
  return note;
}

std::string Encode(const Note& note) {
  std::string text = absl::StrCat(
      kWord, " ", ToHex(note.manifest), " ", ToHex(note.looks), " ",
      absl::FormatTime(absl::RFC3339_sec, note.verify_time, absl::UTCTimeZone()), "\n");
  for (const auto& [content, fault] : note.bad) {
    absl::StrAppend(&text, kBad, " ", ToHex(content), " ", std::string(NameOf(fault)), "\n");
  }
  return absl::StrCat(text, kSum, " ", ToHex(crypto::Sha256(AsBytes(text))), "\n");
}

absl::StatusOr<Note> DecodeNote(const std::string& text) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (lines.size() < 3) return Malformed();
  const std::vector<std::string> head = absl::StrSplit(lines[0], ' ');
  if (head.size() != 4) return Malformed();
  const auto manifest = DigestFrom(head[1]);
  const auto looks = DigestFrom(head[2]);
  Note note;
  if (!manifest.has_value() || !looks.has_value() ||
      !absl::ParseTime(absl::RFC3339_sec, head[3], &note.verify_time, nullptr)) {
    return Malformed();
  }
  // There are words for the ends of time, but nobody reads anything then.
  if (note.verify_time == absl::InfiniteFuture() || note.verify_time == absl::InfinitePast()) {
    return Malformed();
  }
  note.manifest = *manifest;
  note.looks = *looks;
  for (std::size_t i = 1; i + 2 < lines.size(); ++i) {
    const std::vector<std::string> words = absl::StrSplit(lines[i], ' ');
    if (words.size() != 3) return Malformed();
    const auto content = DigestFrom(words[1]);
    const auto fault = FaultFrom(words[2]);
    if (!content.has_value() || !fault.has_value()) return Malformed();
    note.bad.emplace(*content, *fault);
  }
  // The words, the order and the sum: there is one text for each note.
  return Encode(note) == text ? absl::StatusOr<Note>(std::move(note)) : Malformed();
}

}  // namespace lethe::vault::backup
