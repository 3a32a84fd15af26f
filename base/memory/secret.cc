#include "base/memory/secret.h"

#include <algorithm>

#include "base/check.h"
#include "base/memory/secret_arena.h"

namespace lethe {

using internal::SecretArena;

Secret Secret::Zero() { return Secret(SecretArena::Instance().Allocate()); }

Secret Secret::Draw(Random& random) {
  Secret secret = Zero();
  random.Fill(secret.RevealMutable());
  return secret;
}

Secret Secret::CopyFrom(Bytes bytes) {
  LETHE_CHECK(bytes.size() == kBytes);
  Secret secret = Zero();
  std::copy(bytes.begin(), bytes.end(), secret.slot_);
  return secret;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    if (slot_ != nullptr) SecretArena::Instance().Free(slot_);
    slot_ = std::exchange(other.slot_, nullptr);
  }
  return *this;
}

Secret::~Secret() {
  if (slot_ != nullptr) SecretArena::Instance().Free(slot_);
}

Secret Secret::Clone() const { return CopyFrom(Reveal()); }

Bytes Secret::Reveal() const {
  LETHE_CHECK(!empty());
  return {slot_, kBytes};
}

MutableBytes Secret::RevealMutable() {
  LETHE_CHECK(!empty());
  return {slot_, kBytes};
}

bool Secret::Equals(const Secret& other) const {
  return ConstantTimeEquals(Reveal(), other.Reveal());
}

namespace secret_arena {

Stats GetStats() { return SecretArena::Instance().GetStats(); }

}  // namespace secret_arena
}  // namespace lethe
