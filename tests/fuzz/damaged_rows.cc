// A whole vault on a disk that lies: any bytes of any rows altered before it starts. It may refuse
// to start and refuse to answer, but what it answers is what was stored.
#include "tests/fuzz/damaged_vault.h"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

// How many of the records could be read.
std::size_t ReadRecords(DamagedVault& world, vault::OpenedVault& vault) {
  std::size_t read = 0;
  for (const auto& [tag, expected] : world.records()) {
    const auto record = vault.data().GetRecord(world.As(expected.second), world.subject(), tag);
    if (!record.ok()) continue;
    LETHE_CHECK(record->tag == tag && record->data == expected.first);
    ++read;
  }
  return read;
}

bool ListRecords(DamagedVault& world, vault::OpenedVault& vault) {
  const auto page =
      vault.data().ListRecords(world.As("service"), world.identifier(), "account", {});
  if (!page.ok()) return false;
  for (const vault::Record& record : page->items) {
    LETHE_CHECK(record.data == world.records().at(record.tag).first);
  }
  return page->items.size() == 1;
}

bool ReportAll(DamagedVault& world, vault::OpenedVault& vault) {
  auto report = vault.rights().AccessReport(world.As("service"), world.subject());
  if (!report.ok()) return false;
  std::string text;
  while (true) {
    const auto piece = (*report)->Next();
    if (!piece.ok()) return false;
    if (piece->empty()) break;
    text += *piece;
  }
  // What was corrected never comes back. A record may be missing: with its selector or its place
  // altered, its row looks like one whose secrets were shredded.
  LETHE_CHECK(text.find("draft") == std::string::npos);
  LETHE_CHECK(text.find(world.subject().ToString()) != std::string::npos);
  return std::ranges::all_of(world.records(), [&](const auto& record) {
    return text.find(record.first.ToString()) != std::string::npos;
  });
}

bool FindErasure(DamagedVault& world, vault::OpenedVault& vault) {
  const auto erasure = vault.rights().GetErasure(world.As("service"), world.erasure().receipt);
  if (!erasure.ok()) return false;
  LETHE_CHECK(erasure->signed_statement == world.erasure().signed_statement);
  return true;
}

}  // namespace

LETHE_FUZZ_TARGET(damaged_rows) {
  static auto* const world = new DamagedVault;
  const auto vault = world->OpenWith(input);
  if (!vault.ok()) return false;
  const auto subject = (*vault)->data().GetSubject(world->As("service"), world->identifier());
  if (subject.ok()) LETHE_CHECK(subject->tag == world->subject());
  const bool all_read = ReadRecords(*world, **vault) == world->records().size();
  const bool listed = ListRecords(*world, **vault);
  const bool reported = ReportAll(*world, **vault);
  const bool found = FindErasure(*world, **vault);
  // Writing and erasing follow the same places; they may fail, too.
  vault::EraseRequest request;
  request.subject = world->subject();
  (void)(*vault)->RunHousekeeping();
  (void)(*vault)->rights().EraseSubject(world->As("service"), request);
  return subject.ok() && all_read && listed && reported && found;
}

}  // namespace lethe::fuzz
