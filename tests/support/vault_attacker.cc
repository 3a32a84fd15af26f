#include "tests/support/vault_attacker.h"

#include <variant>

#include "base/check.h"
#include "base/codec.h"
#include "vault/records/envelope.h"
#include "vault/records/subject_header.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"
#include "vault/tenants/tenant_row.h"

namespace lethe::test {
namespace {

namespace records = vault::records;
namespace tenants = vault::tenants;
namespace table = vault::table;

using vault::Place;

// The policies of the tests number their categories from 1.
constexpr std::uint32_t kCategoryIdsMax = 8;
constexpr storage::TableId kTables[] = {table::kTenant,  table::kTenantScope, table::kPeriod,
                                        table::kSubject, table::kScope,       table::kIdentifier,
                                        table::kRecord,  table::kAct,         table::kHold};

std::string Text(const Secret& secret) { return std::string(AsText(secret.Reveal())); }
Secret ToSecret(const std::string& bytes) { return Secret::CopyFrom(AsBytes(bytes)); }

// Rows of the shape U8 format | place | sealed.
struct PlacedRow {
  Place leaf;
  vault::RowParts parts;
};
PlacedRow ReadPlaced(const std::string& row, std::size_t skip) {
  ByteReader in(row);
  in.Raw(skip);
  PlacedRow placed;
  placed.leaf = Place::Read(in);
  placed.parts = vault::PartsOf(AsBytes(row), in);
  return placed;
}

}  // namespace

struct VaultAttacker::Opening {
  using Keys = std::set<std::string>;

  const std::map<storage::TableId, std::set<Row>>& rows;
  std::map<Place, Keys> leaves;                  // What the key tree gave.
  std::map<std::string, std::set<Row>> tenants;  // Tenant tag -> (name, secret).
  std::map<std::string, Keys> tenant_scopes;     // Tenant tag + category id -> secrets.
  std::map<std::string, Keys> subjects;          // Tenant + subject tag -> subject keys.
  std::map<std::string, Keys> categories;        // Tenant + subject + selector -> category keys.
  std::map<std::string, Keys> periods;           // Tenant + selector -> secrets.
  std::set<std::string> plaintexts;

  const std::set<Row>& Of(storage::TableId id) const { return rows.at(id); }
  const Keys& At(const Place& place) const {
    static const Keys kNone;
    const auto found = leaves.find(place);
    return found == leaves.end() ? kNone : found->second;
  }
  static std::string ScopeId(const std::string& tenant, std::uint32_t id) {
    return tenant + std::to_string(id);
  }

  void OpenTenants() {
    for (const auto& [key, row] : Of(table::kTenant)) {
      const auto leaf = tenants::LeafOfTenantRow(AsBytes(row));
      if (!leaf.ok()) continue;  // A tombstone.
      for (const std::string& secret : At(*leaf)) {
        const auto opened = tenants::OpenTenantRow(
            ToSecret(secret), TenantTag::FromBytes(AsBytes(key)), AsBytes(row));
        if (opened.ok()) tenants[key].emplace(opened->name, secret);
      }
    }
    for (const auto& [key, row] : Of(table::kTenantScope)) {
      const std::string tenant = key.substr(0, 16);
      for (const auto& [name, secret] : tenants[tenant]) {
        for (std::uint32_t id = 1; id <= kCategoryIdsMax; ++id) {
          const auto leaf = tenants::OpenTenantScopeRow(ToSecret(secret), key, id, AsBytes(row));
          if (leaf.ok()) tenant_scopes[ScopeId(tenant, id)].merge(Keys(At(*leaf)));
        }
      }
    }
    for (const auto& [key, row] : Of(table::kPeriod)) {
      periods[key].merge(Keys(At(ReadPlaced(row, 2).leaf)));
    }
  }

  void OpenSubjects() {
    for (const auto& [key, row] : Of(table::kSubject)) {
      const auto read = records::ReadSubjectRow(AsBytes(row));
      if (!read.ok()) continue;
      const auto* living = std::get_if<records::LivingSubject>(&*read);
      if (living == nullptr) continue;
      for (const auto& [name, tenant_secret] : tenants[key.substr(0, 16)]) {
        for (const std::string& secret : At(living->leaf)) {
          const Secret subject_key =
              vault::SubjectKey(ToSecret(secret), ToSecret(tenant_secret), name,
                                SubjectTag::FromBytes(AsBytes(key).last(16)));
          if (records::OpenHeader(subject_key, key, *living).ok()) {
            subjects[key].insert(Text(subject_key));
          }
        }
      }
    }
  }

  // A category key needs no subject key: its row says where the leaf is, in clear.
  void OpenCategories() {
    for (const auto& [key, row] : Of(table::kScope)) {
      const std::string tenant = key.substr(0, 16);
      const auto subject = SubjectTag::FromBytes(AsBytes(key).subspan(16, 16));
      for (const std::string& secret : At(ReadPlaced(row, 1).leaf)) {
        for (const auto& [name, unused] : tenants[tenant]) {
          for (std::uint32_t id = 1; id <= kCategoryIdsMax; ++id) {
            for (const std::string& scope : tenant_scopes[ScopeId(tenant, id)]) {
              categories[key].insert(
                  Text(vault::CategoryKey(ToSecret(secret), ToSecret(scope), name, subject, id)));
            }
          }
        }
      }
    }
  }

  void OpenSmallRows(storage::TableId id,
                     Secret (*derive)(const Secret& own, const Secret& subject_key),
                     void (*collect)(ByteReader& in, std::set<std::string>& out)) {
    for (const auto& [key, row] : Of(id)) {
      const PlacedRow placed = ReadPlaced(row, 1);
      for (const std::string& own : At(placed.leaf)) {
        for (const std::string& subject_key : subjects[key.substr(0, 32)]) {
          const auto body =
              vault::OpenRow(derive(ToSecret(own), ToSecret(subject_key)), id, key, placed.parts);
          if (!body.ok()) continue;
          ByteReader in(body->bytes());
          collect(in, plaintexts);
        }
      }
    }
  }

  void OpenRecords() {
    for (const auto& [key, row] : Of(table::kRecord)) {
      const auto read = records::ReadRecordRow(AsBytes(row));
      if (!read.ok()) continue;  // Planted. What a format hides from the attacker, a control shows.
      const std::string selector(AsText(read->header.category));
      const std::string period(AsText(read->header.period));
      Keys period_secrets = periods[key.substr(0, 16) + period];
      if (read->header.period == vault::kNoSelector) period_secrets = {std::string(32, '\0')};
      const Keys act_secrets = ActsThatHold(key);
      for (const std::string& category : categories[key.substr(0, 32) + selector]) {
        for (const std::string& own : At(read->header.leaf)) {
          for (const std::string& of_period : period_secrets) {
            TryKey(key, *read, DataKeyOf(key, *read, category, own, of_period));
          }
          for (const std::string& of_act : act_secrets) {
            TryHold(key, *read, DataKeyOf(key, *read, category, own, of_act));
          }
        }
      }
    }
  }

  static Secret DataKeyOf(const std::string& key, const records::RecordRow& read,
                          const std::string& category, const std::string& own,
                          const std::string& period) {
    const Secret record_secret = ToSecret(own);
    const Secret period_secret = ToSecret(period);
    return vault::DataKey(ToSecret(category),
                          {.flags = read.header.flags,
                           .record_secret = record_secret,
                           .period_secret = &period_secret,
                           .record = RecordTag::FromBytes(AsBytes(key).last(16)),
                           .version = read.header.version});
  }

  void TryKey(const std::string& key, const records::RecordRow& read, const Secret& data_key) {
    const auto body = records::OpenRecord(data_key, key, read);
    if (body.ok()) plaintexts.insert(body->data);
  }

  // The secrets of the acts that any hold row of this record names.
  Keys ActsThatHold(const std::string& record_key) const {
    Keys secrets;
    for (const auto& [key, row] : Of(table::kHold)) {
      if (key == record_key) secrets.merge(Keys(At(ReadPlaced(row, 1).leaf)));
    }
    return secrets;
  }

  void TryHold(const std::string& record_key, const records::RecordRow& read,
               const Secret& hold_key) {
    for (const auto& [key, row] : Of(table::kHold)) {
      if (key != record_key) continue;
      const auto held = vault::OpenRow(hold_key, table::kHold, key, ReadPlaced(row, 1).parts);
      if (held.ok()) TryKey(key, read, Secret::CopyFrom(held->bytes()));
    }
  }
};

VaultAttacker::VaultAttacker(const VaultId& vault) : tree_(vault) {
  for (const storage::TableId id : kTables) rows_[id];
}

void VaultAttacker::AddRow(storage::TableId id, const std::string& key, const std::string& row) {
  if (id == table::kNode) return tree_.AddNodeRow(key, row);
  if (id == table::kLeaf) return tree_.AddLeafRow(key, row);
  const auto rows = rows_.find(id);
  if (rows != rows_.end()) rows->second.emplace(key, row);
}

void VaultAttacker::AddImage(const storage::Reader& image) {
  tree_.AddImage(image);
  for (const storage::TableId id : kTables) {
    std::set<Row>& all = rows_[id];
    storage::Range range;
    while (true) {
      const auto rows = image.Scan(id, range, 1'000);
      LETHE_CHECK(rows.ok());
      for (const storage::Row& row : *rows) all.emplace(row.key, row.value);
      if (rows->size() < 1'000) break;
      range.after = rows->back().key;
    }
  }
}

VaultAttacker::Loot VaultAttacker::Plunder(const Secret& root) const {
  Opening opening{.rows = rows_, .leaves = tree_.OpenAll(root)};
  opening.OpenTenants();
  opening.OpenSubjects();
  opening.OpenCategories();
  opening.OpenSmallRows(table::kIdentifier, vault::IdentifierRowKey,
                        [](ByteReader& in, std::set<std::string>& out) {
                          in.Short();
                          out.emplace(in.Short());
                        });
  opening.OpenSmallRows(table::kAct, vault::ActRowKey,
                        [](ByteReader& in, std::set<std::string>& out) {
                          in.Raw(1 + 1 + 16 + 8);  // Kind, target, when.
                          in.Raw(1 + 8);           // Ground, review.
                          out.emplace(in.Short());
                        });
  opening.OpenRecords();
  return {std::move(opening.plaintexts), std::move(opening.leaves)};
}

std::size_t VaultAttacker::rows() const {
  std::size_t rows = 0;
  for (const auto& [id, all] : rows_) rows += all.size();
  return rows;
}

}  // namespace lethe::test
