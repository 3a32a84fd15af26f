// The name and the header of an archive's segment.
//
//   input = U8 repair, Short name, header         repair bit 0: the header's checksum is made to
//   fit
#include "vault/archive/segment.h"

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

using namespace vault::archive;  // NOLINT(google-build-using-namespace): one format, one target.

void CheckName(std::string_view name) {
  const auto first = ParseSegmentName(name);
  if (first.has_value()) LETHE_CHECK(SegmentName(*first) == name);
}

}  // namespace

LETHE_FUZZ_TARGET(segment) {
  ByteReader in(input);
  const bool repair = (in.U8() & 1) != 0;
  CheckName(in.Short());
  std::string bytes(AsText(in.Raw(in.remaining())));
  if (repair && bytes.size() == kSegmentHeaderBytes) {
    const crypto::Digest check = crypto::Sha256(AsBytes(bytes).first(kSegmentHeaderBytes - 32));
    std::ranges::copy(check, bytes.end() - 32);
  }
  const auto header = DecodeSegmentHeader(AsBytes(bytes));
  if (!header.ok()) return Refused(header.status());
  LETHE_CHECK(EncodeSegmentHeader(*header) == bytes);
  LETHE_CHECK(ParseSegmentName(SegmentName(header->first_sequence)) == header->first_sequence);
  return true;
}

}  // namespace lethe::fuzz
