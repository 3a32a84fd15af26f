#include "tests/vault/whole/naive_vault.h"

#include "vault/rows/row_schema.h"

namespace lethe::test {

namespace table = vault::table;

NaiveErasure AttackNaiveVault() {
  NaiveErasure result;
  RecordedVault world;
  Story story(world, 1);
  if (!story.Create().status.ok() || !story.Put(0, "account").status.ok()) return result;
  Attack attack(world, story);
  Step naive{.name = "delete the wrapped keys", .died = story.Living()};
  naive.root_before = AsText(world.CurrentRoot().Reveal());
  storage::Batch change;
  for (const storage::TableId id : {table::kLeaf, table::kSubject, table::kScope, table::kRecord}) {
    const auto rows = world->stores().engine().Scan(id, {}, storage::Reader::kScanRowsMax);
    if (!rows.ok()) return result;
    for (const storage::Row& row : *rows) change.Delete(id, row.key);
  }
  auto& journal = *world->stores().journal;
  if (!journal.Commit({{}}, std::move(change), storage::Durability::kSynced).ok()) return result;

  attack.After(naive);
  result = {.tally = attack.paths().at(naive.name),
            .texts = naive.died.size(),
            .faults = attack.faults().size(),
            .ok = true};
  return result;
}

}  // namespace lethe::test
