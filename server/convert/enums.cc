#include "server/convert/enums.h"

namespace lethe::server {
namespace {

template <typename Own, typename Api>
struct Pair {
  Own own;
  Api api;
};

constexpr Pair<vault::Source, v1::Source> kSources[] = {
    {vault::Source::kProvided, v1::SOURCE_PROVIDED},
    {vault::Source::kObserved, v1::SOURCE_OBSERVED},
    {vault::Source::kDerived, v1::SOURCE_DERIVED},
    {vault::Source::kThirdParty, v1::SOURCE_THIRD_PARTY},
};

constexpr Pair<vault::SubjectState, v1::Subject::State> kStates[] = {
    {vault::SubjectState::kActive, v1::Subject::STATE_ACTIVE},
    {vault::SubjectState::kRestricted, v1::Subject::STATE_RESTRICTED},
    {vault::SubjectState::kPartiallyErased, v1::Subject::STATE_PARTIALLY_ERASED},
    {vault::SubjectState::kErased, v1::Subject::STATE_ERASED},
};

constexpr Pair<vault::ErasureGround, v1::ErasureGround> kErasureGrounds[] = {
    {vault::ErasureGround::kNotNecessary, v1::ERASURE_GROUND_NOT_NECESSARY},
    {vault::ErasureGround::kConsentWithdrawn, v1::ERASURE_GROUND_CONSENT_WITHDRAWN},
    {vault::ErasureGround::kObjection, v1::ERASURE_GROUND_OBJECTION},
    {vault::ErasureGround::kUnlawful, v1::ERASURE_GROUND_UNLAWFUL},
    {vault::ErasureGround::kLegalObligation, v1::ERASURE_GROUND_LEGAL_OBLIGATION},
    {vault::ErasureGround::kChildService, v1::ERASURE_GROUND_CHILD_SERVICE},
    {vault::ErasureGround::kRetentionExpired, v1::ERASURE_GROUND_RETENTION_EXPIRED},
};

constexpr Pair<vault::Initiator, v1::Initiator> kInitiators[] = {
    {vault::Initiator::kController, v1::INITIATOR_CONTROLLER},
    {vault::Initiator::kDataSubject, v1::INITIATOR_DATA_SUBJECT},
};

constexpr Pair<vault::RestrictionGround, v1::RestrictionGround> kRestrictionGrounds[] = {
    {vault::RestrictionGround::kAccuracyContested, v1::RESTRICTION_GROUND_ACCURACY_CONTESTED},
    {vault::RestrictionGround::kUnlawful, v1::RESTRICTION_GROUND_UNLAWFUL},
    {vault::RestrictionGround::kNeededForClaims, v1::RESTRICTION_GROUND_NEEDED_FOR_CLAIMS},
    {vault::RestrictionGround::kObjectionPending, v1::RESTRICTION_GROUND_OBJECTION_PENDING},
};

constexpr Pair<vault::Assurance, v1::Assurance> kAssurances[] = {
    {vault::Assurance::kNone, v1::ASSURANCE_NONE},
    {vault::Assurance::kUnverified, v1::ASSURANCE_UNVERIFIED},
    {vault::Assurance::kTest, v1::ASSURANCE_TEST},
    {vault::Assurance::kHost, v1::ASSURANCE_HOST},
    {vault::Assurance::kHardware, v1::ASSURANCE_HARDWARE},
};

template <typename Own, typename Api, std::size_t kSize>
std::optional<Own> OwnOf(const Pair<Own, Api> (&pairs)[kSize], Api value) {
  for (const auto& [own, api] : pairs) {
    if (api == value) return own;
  }
  return std::nullopt;
}

template <typename Own, typename Api, std::size_t kSize>
Api ApiOf(const Pair<Own, Api> (&pairs)[kSize], Own value) {
  for (const auto& [own, api] : pairs) {
    if (own == value) return api;
  }
  return Api{};
}

}  // namespace

std::optional<vault::Source> FromApi(v1::Source value) { return OwnOf(kSources, value); }
std::optional<vault::ErasureGround> FromApi(v1::ErasureGround value) {
  return OwnOf(kErasureGrounds, value);
}
std::optional<vault::Initiator> FromApi(v1::Initiator value) { return OwnOf(kInitiators, value); }
std::optional<vault::RestrictionGround> FromApi(v1::RestrictionGround value) {
  return OwnOf(kRestrictionGrounds, value);
}

v1::Source ToApi(vault::Source value) { return ApiOf(kSources, value); }
v1::Subject::State ToApi(vault::SubjectState value) { return ApiOf(kStates, value); }
v1::ErasureGround ToApi(vault::ErasureGround value) { return ApiOf(kErasureGrounds, value); }
v1::Assurance ToApi(vault::Assurance value) { return ApiOf(kAssurances, value); }

}  // namespace lethe::server
