#include "storage/engine_copy.h"

#include "base/status_macros.h"

namespace lethe::storage {
namespace {

constexpr std::size_t kPieceBytes = 1u << 20;  // Large enough that a call costs nothing beside it.

}  // namespace

absl::Status ReadContent(const EngineCopy& copy, const std::string& name,
                         const std::function<absl::Status(std::string_view piece)>& take) {
  LETHE_ASSIGN(const std::unique_ptr<EngineCopy::Content> content, copy.Open(name));
  while (true) {
    LETHE_ASSIGN(const std::string piece, content->Read(kPieceBytes));
    if (piece.empty()) return absl::OkStatus();
    LETHE_TRY(take(piece));
  }
}

}  // namespace lethe::storage
