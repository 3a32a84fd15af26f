// Page tokens: where a listing goes on. Sealed under a key of this process and bound to the call
// and the caller, so that a token is no permission, tells nothing, and fits nowhere else.
#ifndef LETHE_VAULT_RECORDS_PAGE_TOKEN_H_
#define LETHE_VAULT_RECORDS_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "vault/audit/event.h"
#include "vault/model/page.h"

namespace lethe::vault::records {

// What a token is good for.
struct PageScope {
  audit::Method method = audit::Method::kListRecords;
  TenantTag tenant;
  SubjectTag subject;    // None for a listing of subjects.
  std::string category;  // The filter.
  std::string purpose;
  std::string principal;
};

struct PagePosition {
  std::uint64_t change_counter = 0;  // Of the subject when the page was made.
  std::string after;                 // Key of the last row that was looked at.
};

class PageTokens {
 public:
  explicit PageTokens(Random& random) : key_(Secret::Draw(random)) {}

  std::string Seal(const PageScope& scope, const PagePosition& position) const;
  // INVALID_ARGUMENT (kPageTokenInvalid): not ours, another call's, or from before a restart.
  absl::StatusOr<PagePosition> Open(const PageScope& scope, const std::string& token) const;

 private:
  const Secret key_;
};

// How many items a page has: 0 means kPageDefault, and kPageMax is the most.
std::size_t PageSize(const PageRequest& page);

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_PAGE_TOKEN_H_
