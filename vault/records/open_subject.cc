#include "vault/records/open_subject.h"

#include <algorithm>

#include "vault/rows/etag.h"

namespace lethe::vault::records {

const Act* OpenSubject::Find(ActKind kind) const {
  const auto found = std::ranges::find(acts, kind, &Act::kind);
  return found == acts.end() ? nullptr : &*found;
}

const Act* OpenSubject::Find(const ActTag& act) const {
  const auto found = std::ranges::find(acts, act, &Act::tag);
  return found == acts.end() ? nullptr : &*found;
}

policy::SubjectFacts FactsOf(const OpenSubject& subject) {
  policy::SubjectFacts facts{.state = subject.header.state};
  for (const Act& act : subject.acts) facts.acts.push_back({act.kind, act.target});
  return facts;
}

std::string EtagOf(const SubjectHeader& header) { return EtagFrom(header.etag); }

Subject ToSubject(const OpenSubject& subject) {
  const SubjectHeader& header = subject.header;
  const bool restricted_only = subject.restricted() && header.state == SubjectState::kActive;
  return Subject{.tag = subject.tag,
                 .state = restricted_only ? SubjectState::kRestricted : header.state,
                 .restricted = subject.restricted(),
                 .create_time = header.create_time,
                 .change_counter = header.change_counter,
                 .etag = EtagOf(header)};
}

}  // namespace lethe::vault::records
