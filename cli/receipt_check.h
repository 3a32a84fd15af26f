// Checks an erasure's receipt without the server.
#ifndef LETHE_CLI_RECEIPT_CHECK_H_
#define LETHE_CLI_RECEIPT_CHECK_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lethe/v1/erasure.pb.h"

namespace lethe::cli {

// A receipt as `-o json` prints it. INVALID_ARGUMENT: it is none.
absl::StatusOr<v1::Erasure> ParseReceipt(const std::string& json);

// What the statement itself says, in the words of the message; its format is in
// vault/rights/receipt.h. DATA_LOSS: it is none.
absl::StatusOr<v1::Erasure> ReadStatement(std::string_view statement);

// OK: the signature over the statement is `public_key`'s (32 bytes), and the receipt says nothing
// that the statement does not. DATA_LOSS says which of the two fails.
absl::Status CheckReceipt(const v1::Erasure& receipt, std::string_view public_key);

}  // namespace lethe::cli

#endif  // LETHE_CLI_RECEIPT_CHECK_H_
