#include "vault/backup/standing.h"

#include <utility>

#include "base/enum_names.h"
#include "base/status_macros.h"
#include "vault/backup/note.h"

namespace lethe::vault::backup {
namespace {

constexpr EnumName<State> kNames[] = {
    {State::kGood, "GOOD"},
    {State::kVerified, "VERIFIED"},
    {State::kUnverified, "UNVERIFIED"},
    {State::kDamaged, "DAMAGED"},
};

// What looking alone tells.
std::vector<BadFile> PlainlyBad(const BackupStore& store, const Manifest& manifest) {
  std::vector<BadFile> bad;
  for (const File& file : manifest.files) {
    const auto look = LookAt(store.PathOf(file.sha256));
    if (!look.ok()) {
      bad.push_back({file, Fault::kMissing});
    } else if (look->size_bytes != file.size_bytes) {
      bad.push_back({file, Fault::kOtherSize});
    }
  }
  return bad;
}

// The note of this very manifest, as long as no content looks different since.
std::optional<Note> NoteThatHolds(const BackupStore& store, const SignedManifest& manifest) {
  const auto text = store.LoadNote(manifest.manifest.position);
  if (!text.ok()) return std::nullopt;
  auto note = DecodeNote(*text);
  if (!note.ok() || note->manifest != manifest.sha256) return std::nullopt;
  const crypto::Digest now = LooksOf(manifest.manifest, [&store](const File& file) {
    return LookAt(store.PathOf(file.sha256)).value_or(Look{});
  });
  if (note->looks != now) return std::nullopt;
  return *std::move(note);
}

}  // namespace

std::string_view NameOf(State state) { return FindName<State>(kNames, state); }

Standing StandingOf(const BackupStore& store, std::uint64_t position) {
  Standing standing{.position = position, .manifest = {}, .verify_time = {}, .bad = {}};
  auto manifest = store.Load(position);
  if (!manifest.ok()) {
    standing.state = State::kDamaged;
    return standing;
  }
  const Manifest& files = manifest->manifest;
  if (const auto note = NoteThatHolds(store, *manifest); note.has_value()) {
    standing.verify_time = note->verify_time;
    standing.state = note->bad.empty() ? State::kVerified : State::kDamaged;
    for (const File& file : files.files) {
      const auto bad = note->bad.find(file.sha256);
      if (bad != note->bad.end()) standing.bad.push_back({file, bad->second});
    }
  }
  if (auto bad = PlainlyBad(store, files); !bad.empty() && standing.bad.empty()) {
    standing.state = State::kDamaged;
    standing.bad = std::move(bad);
  }
  standing.manifest = *std::move(manifest);
  return standing;
}

absl::StatusOr<std::vector<Standing>> AllStandings(const BackupStore& store) {
  LETHE_ASSIGN(const auto positions, store.List());
  std::vector<Standing> standings;
  for (const std::uint64_t position : positions) standings.push_back(StandingOf(store, position));
  return standings;
}

Standing ReadAgain(const BackupStore& store, const Standing& before, Verification& verification,
                   absl::Time now, absl::Status* noted) {
  *noted = absl::OkStatus();
  if (!before.manifest.has_value()) return before;
  Standing after{.position = before.position, .manifest = before.manifest, .bad = {}};
  const Verdict verdict = verification.Check(before.manifest->manifest);
  after.state = verdict.whole() ? State::kGood : State::kDamaged;
  after.verify_time = now;
  after.bad = verdict.bad;
  *noted = store.SaveNote(before.position, Encode(NoteOf(before.manifest->sha256, verdict, now)));
  return after;
}

}  // namespace lethe::vault::backup
