// Resource names in requests: what is parsed prints as it was, as one kind only.
#include "server/door/names.h"

#include "base/text/label.h"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {

LETHE_FUZZ_TARGET(names) {
  const std::string_view text = AsText(input);
  LETHE_CHECK(server::ParseTenantName("tenants/" + std::string(text)).ok() == IsLabel(text));
  const auto tenant = server::ParseTenantName(text);
  const auto subject = server::ParseSubjectName(text);
  const auto record = server::ParseRecordName(text);
  const auto erasure = server::ParseErasureName(text);
  const int kinds = tenant.ok() + subject.ok() + record.ok() + erasure.ok();
  LETHE_CHECK(kinds <= 1);
  if (kinds == 0) return Refused(record.status()) || Refused(tenant.status());

  if (tenant.ok()) LETHE_CHECK("tenants/" + *tenant == text);
  if (subject.ok())
    LETHE_CHECK(server::FormatSubjectName(subject->tenant, subject->subject) == text);
  if (record.ok()) {
    LETHE_CHECK(server::FormatRecordName(record->tenant, record->subject, record->record) == text);
  }
  if (erasure.ok())
    LETHE_CHECK(server::FormatErasureName(erasure->tenant, erasure->receipt) == text);
  // What access is decided by is the tenant that was parsed.
  LETHE_CHECK(server::TenantOf(text).has_value());
  LETHE_CHECK(IsLabel(*server::TenantOf(text)));
  return true;
}

}  // namespace lethe::fuzz
