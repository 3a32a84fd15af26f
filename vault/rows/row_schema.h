// Every table and every key the vault ever writes. Keys hold random tags, counters and MACs only:
// An engine may keep keys in lists of its own, so a key must never say who or what.
//
// Byte for byte in docs/formats.md. Table numbers reach disk (archive): never reuse one.
#ifndef LETHE_VAULT_ROWS_ROW_SCHEMA_H_
#define LETHE_VAULT_ROWS_ROW_SCHEMA_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "storage/engine.h"

namespace lethe::vault {

// The tables, each with its key and what stands under it.
// clang-format off: a table is read by its columns.
namespace table {
using Id = storage::TableId;
inline constexpr Id kMeta = 1;      // name                       -> vault-wide row
inline constexpr Id kNode = 2;      // level8 index64 generation64 -> node
inline constexpr Id kLeaf = 3;      // group64 slot8              -> leaf, first wrapping
inline constexpr Id kShredLog = 4;  // sequence64                 -> signed entry
inline constexpr Id kPending = 5;   // attempt64                  -> changes due at COMMITTED
inline constexpr Id kEvent = 6;     // sequence64                 -> event, an RFC 6962 leaf
inline constexpr Id kUnsynced =
    7;                            // sequence64                 -> frame the archive has not synced
inline constexpr Id kTenant = 8;  // tenant                     -> tenant row
inline constexpr Id kTenantScope = 9;  // tenant selector8           -> tenant x category secret
inline constexpr Id kPeriod = 10;   // tenant selector8           -> period secret, or its tombstone
inline constexpr Id kSubject = 11;  // tenant subject             -> header
inline constexpr Id kScope = 12;    // tenant subject selector8   -> category secret
inline constexpr Id kIdentifier = 13;  // tenant subject row         -> identifier
inline constexpr Id kRecord = 14;      // tenant subject record      -> record
inline constexpr Id kAct = 15;         // tenant subject act         -> act in force
inline constexpr Id kRequest = 16;     // tenant scope16 mac16       -> idempotency row
inline constexpr Id kDoomed = 17;      // group64 slot8              -> deadline
inline constexpr Id kReceipt = 18;     // tenant receipt             -> erasure receipt
inline constexpr Id kHold = 19;        // tenant subject record      -> data key past its period
inline constexpr Id kPolicy = 20;      // tenant number32            -> version of its policy
}  // namespace table
// clang-format on

std::span<const storage::TableSpec> AllTables();

// A MAC under a key of the tenant or the subject: finds a row by its category without naming it.
using Selector = std::array<std::uint8_t, 8>;

namespace row_key {
std::string Sequence(std::uint64_t sequence);
std::string Tenant(const TenantTag& tenant);
std::string TenantSelector(const TenantTag& tenant, const Selector& selector);
std::string Policy(const TenantTag& tenant, std::uint32_t number);
std::string Subject(const TenantTag& tenant, const SubjectTag& subject);
std::string Scope(const TenantTag& tenant, const SubjectTag& subject, const Selector& selector);
std::string Identifier(const TenantTag& tenant, const SubjectTag& subject, const RowTag& row);
std::string Record(const TenantTag& tenant, const SubjectTag& subject, const RecordTag& record);
std::string Act(const TenantTag& tenant, const SubjectTag& subject, const ActTag& act);
// `scope` is a subject's tag, or none for requests that make a subject.
std::string Request(const TenantTag& tenant, const SubjectTag& scope,
                    const std::array<std::uint8_t, 16>& mac);
std::string Receipt(const TenantTag& tenant, const ReceiptTag& receipt);
}  // namespace row_key

}  // namespace lethe::vault

#endif  // LETHE_VAULT_ROWS_ROW_SCHEMA_H_
