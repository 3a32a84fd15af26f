#include "vault/calls/bad_row_of.h"

#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "base/codec.h"
#include "storage/scan.h"
#include "vault/records/subject_header.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::calls {
namespace {

using chores::RowName;

constexpr std::size_t kRowsPerScan = 32;  // Bodies come along with a scan, up to 1 MiB each.

// Looks through the tables that a living subject has rows in.
class Search {
 public:
  Search(const Stores& stores, const records::OpenSubject& subject)
      : stores_(stores), subject_(subject) {}

  std::optional<RowName> Run() {
    LookAt(table::kScope, [this](const storage::Row& row) -> absl::Status {
      ByteReader key(row.key);
      key.Raw(TenantTag::kBytes + SubjectTag::kBytes);
      const auto scope = stores_.scopes.Find(subject_, ReadSelector(key));
      if (scope.ok() && scope->has_value()) LookBeside((*scope)->leaf);
      return scope.status();
    });
    LookAt(table::kIdentifier, [this](const storage::Row& row) {
      const auto opened = stores_.identifiers.Open(subject_, row);
      if (opened.ok()) LookBeside(opened->leaf);
      return opened.status();
    });
    LookAt(table::kRecord, [this](const storage::Row& row) -> absl::Status {
      const auto found = stores_.records.Describe(subject_, row);
      if (!found.ok() || !found->has_value()) return found.status();
      LookBeside((*found)->parsed.header.leaf);
      if ((*found)->period.has_value()) LookBeside((*found)->period->leaf);
      return absl::OkStatus();
    });
    return found_;
  }

 private:
  void LookAt(storage::TableId table,
              const std::function<absl::Status(const storage::Row&)>& open) {
    // What the engine cannot read has no name to tell.
    (void)storage::ForEachRow(stores_.engine(), table, {.prefix = subject_.row_key, .after = {}},
                              kRowsPerScan, [&](const storage::Row& row) {
                                const bool bad = !found_ && chores::IsBadRow(open(row));
                                if (bad && !found_) found_ = RowName{table, row.key};
                                return absl::OkStatus();
                              });
  }
  void LookBeside(const Place& leaf) {
    const bool is_new = !found_ && groups_.insert(leaf.group).second;
    if (is_new) found_ = chores::BadLeafBeside(stores_.engine(), *stores_.tree, leaf);
  }

  const Stores& stores_;
  const records::OpenSubject& subject_;
  std::set<std::uint64_t> groups_;  // Looked through.
  std::optional<RowName> found_;
};

}  // namespace

RowName BadRowOf(const Stores& stores, const tenants::Tenant& tenant, const SubjectTag& tag) {
  RowName own{table::kSubject, row_key::Subject(tenant.tag, tag)};
  const auto row = stores.engine().Get(own.table, own.key);
  if (!row.ok()) return own;
  const auto read = records::ReadSubjectRow(AsBytes(*row));
  const auto* living = read.ok() ? std::get_if<records::LivingSubject>(&*read) : nullptr;
  if (living == nullptr) return own;
  auto beside = chores::BadLeafBeside(stores.engine(), *stores.tree, living->leaf);
  if (beside.has_value()) return *std::move(beside);
  const auto subject = stores.subjects.Load(tenant, tag);
  if (!subject.ok()) return own;
  return Search(stores, *subject).Run().value_or(std::move(own));
}

}  // namespace lethe::vault::calls
