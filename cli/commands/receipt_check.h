// Checks an erasure's receipt without the server.
#ifndef LETHE_CLI_COMMANDS_RECEIPT_CHECK_H_
#define LETHE_CLI_COMMANDS_RECEIPT_CHECK_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lethe/v1/erasure.pb.h"

namespace lethe::cli {

// A receipt as `-o json` prints it. INVALID_ARGUMENT: it is none.
absl::StatusOr<v1::Erasure> ParseReceipt(const std::string& json);

// What the signed statement says, in the words of the message, if `public_key` (32 bytes) signed it
// and the receipt says nothing else beside it. DATA_LOSS says which of the two fails;
// FAILED_PRECONDITION: a receipt of another version.
absl::StatusOr<v1::Erasure> CheckReceipt(const v1::Erasure& receipt, std::string_view public_key);

// OK: the nonce proves that the receipt is of `subject` (a whole name, or its UUID).
absl::Status CheckWhose(const v1::Erasure& receipt, std::string_view nonce,
                        const std::string& subject);

}  // namespace lethe::cli

#endif  // LETHE_CLI_COMMANDS_RECEIPT_CHECK_H_
