// Everything a call works on: the journal, the key tree, and the stores that stand on them. Made
// when the vault opens, in the order of dependence.
#ifndef LETHE_VAULT_CALLS_STORES_H_
#define LETHE_VAULT_CALLS_STORES_H_

#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "vault/audit/tags.h"
#include "vault/calls/run_options.h"
#include "vault/journal/journal.h"
#include "vault/keytree/key_tree.h"
#include "vault/memory/erasing.h"
#include "vault/memory/identifier_table.h"
#include "vault/memory/page_token.h"
#include "vault/memory/subject_locks.h"
#include "vault/records/act_store.h"
#include "vault/records/doomed.h"
#include "vault/records/identifier_store.h"
#include "vault/records/record_store.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault::calls {

struct Stores {
  Stores(std::unique_ptr<Journal> the_journal, std::unique_ptr<keytree::KeyTree> the_tree,
         std::unique_ptr<tenants::Tenants> the_tenants, const RunOptions& the_options,
         Clock& the_clock, Random& the_random)
      : clock(the_clock),
        random(the_random),
        options(the_options),
        journal(std::move(the_journal)),
        tree(std::move(the_tree)),
        owned_tenants(std::move(the_tenants)),
        tenants(*owned_tenants),
        audit_tags(tree->vault_secret()),
        cache(memory::KeyCache::FittingSize()),
        acts(engine(), *tree, random),
        subjects(engine(), *tree, acts, cache, random),
        scopes(engine(), *tree, cache),
        periods(engine(), *tree, cache),
        records(engine(), *tree, scopes, periods),
        identifiers(engine(), *tree, random),
        doomed(engine(), *tree, options.doomed_delay),
        page_tokens(random),
        identifier_table(random) {}
  Stores(const Stores&) = delete;
  Stores& operator=(const Stores&) = delete;

  const storage::Engine& engine() const { return journal->engine(); }

  Clock& clock;
  Random& random;
  const RunOptions options;
  const std::unique_ptr<Journal> journal;
  const std::unique_ptr<keytree::KeyTree> tree;
  const std::unique_ptr<tenants::Tenants> owned_tenants;
  tenants::Tenants& tenants;
  const audit::Tags audit_tags;

  memory::KeyCache cache;
  records::ActStore acts;
  records::SubjectStore subjects;
  records::ScopeStore scopes;
  records::PeriodStore periods;
  records::RecordStore records;
  records::IdentifierStore identifiers;
  records::Doomed doomed;
  memory::PageTokens page_tokens;

  memory::SubjectLocks locks;
  memory::Erasing erasing;
  memory::IdentifierTable identifier_table;
};

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_STORES_H_
