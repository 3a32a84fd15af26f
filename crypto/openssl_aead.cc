#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/back_ends.h"
#include "crypto/nonce_source.h"

namespace lethe::crypto {
namespace {

// Fetched once: looking a cipher up by name costs more than sealing 1 KiB.
const EVP_CIPHER* Aes256Gcm() {
  static const EVP_CIPHER* const cipher = [] {
    // Objects that seal may die after main; OpenSSL must not tear itself down before them.
    LETHE_CHECK(OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr) == 1);
    const EVP_CIPHER* fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    LETHE_CHECK(fetched != nullptr);
    return fetched;
  }();
  return cipher;
}

// One context per thread and direction, made on first use. A plain pointer outlives the thread's
// other locals; the Reaper frees the context and tells later callers to make their own.
enum class Thread : std::uint8_t { kFresh, kReady, kEnded };

struct ThreadContexts {
  EVP_CIPHER_CTX* seal;
  EVP_CIPHER_CTX* open;
  Thread state;
};
thread_local ThreadContexts contexts;

struct Reaper {
  ~Reaper() {
    EVP_CIPHER_CTX_free(contexts.seal);
    EVP_CIPHER_CTX_free(contexts.open);
    contexts = {nullptr, nullptr, Thread::kEnded};
  }
};

EVP_CIPHER_CTX* NewContext(bool sealing) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  LETHE_CHECK(context != nullptr);
  LETHE_CHECK(EVP_CipherInit_ex2(context, Aes256Gcm(), nullptr, nullptr, sealing, nullptr) == 1);
  return context;
}

// Borrows this thread's context for one message; afterwards no trace of the key is in it.
class Borrowed {
 public:
  Borrowed(bool sealing, const Secret& key, const std::uint8_t* nonce) : context_(Take(sealing)) {
    LETHE_CHECK(EVP_CipherInit_ex2(context_, nullptr, key.Reveal().data(), nonce, -1, nullptr) ==
                1);
  }
  ~Borrowed() {
    if (contexts.state == Thread::kEnded) {
      EVP_CIPHER_CTX_free(context_);
      return;
    }
    // The schedule of the last key would stay on the heap: another key takes its place.
    static constexpr std::array<std::uint8_t, Secret::kBytes> kNoKey{};
    EVP_CipherInit_ex2(context_, nullptr, kNoKey.data(), nullptr, -1, nullptr);
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  EVP_CIPHER_CTX* get() const { return context_; }

 private:
  static EVP_CIPHER_CTX* Take(bool sealing) {
    if (contexts.state == Thread::kEnded) return NewContext(sealing);
    if (contexts.state == Thread::kFresh) {
      static thread_local Reaper reaper;
      static_cast<void>(reaper);
      contexts.state = Thread::kReady;
    }
    EVP_CIPHER_CTX*& context = sealing ? contexts.seal : contexts.open;
    if (context == nullptr) context = NewContext(sealing);
    return context;
  }

  EVP_CIPHER_CTX* const context_;
};

// EVP takes null for "aad follows", so an empty span must not reach it as output.
bool Update(EVP_CIPHER_CTX* context, std::uint8_t* out, Bytes in) {
  int written = 0;
  if (in.empty()) return true;
  return EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1 &&
         static_cast<std::size_t>(written) == in.size();
}

void SealWithOpenssl(const Secret& key, Bytes head, Bytes tail, Bytes aad, MutableBytes out) {
  DrawNonce(out.first<kNonceBytes>());
  const Borrowed context(/*sealing=*/true, key, out.data());
  std::uint8_t* const body = out.data() + kNonceBytes;
  std::uint8_t* const tag = body + head.size() + tail.size();
  int none = 0;
  LETHE_CHECK(Update(context.get(), nullptr, aad));
  LETHE_CHECK(Update(context.get(), body, head));
  LETHE_CHECK(Update(context.get(), body + head.size(), tail));
  LETHE_CHECK(EVP_CipherFinal_ex(context.get(), tag, &none) == 1);
  LETHE_CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1);
}

class OpensslGcm final : public Aead {
 public:
  void Seal(const Secret& key, Bytes plaintext, Bytes aad, MutableBytes out) const override {
    internal::CheckSeal(key, plaintext, {}, aad, out);
    SealWithOpenssl(key, plaintext, {}, aad, out);
  }

  absl::Status Open(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out) const override {
    const bool opened = internal::CheckOpen(key, sealed, aad, out) &&
                        internal::OpenWithOpenssl(key, sealed, aad, out);
    return opened ? absl::OkStatus() : internal::DecryptFailed(out);
  }
};

}  // namespace

namespace internal {

bool OpenWithOpenssl(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out) {
  const Borrowed context(/*sealing=*/false, key, sealed.data());
  std::array<std::uint8_t, kTagBytes> tag;
  std::copy_n(sealed.end() - kTagBytes, kTagBytes, tag.begin());
  LETHE_CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) ==
              1);
  LETHE_CHECK(Update(context.get(), nullptr, aad));
  LETHE_CHECK(Update(context.get(), out.data(), sealed.subspan(kNonceBytes, out.size())));
  std::uint8_t unused;  // GCM has no padding: the final call only compares the tag.
  int none = 0;
  return EVP_CipherFinal_ex(context.get(), &unused, &none) == 1;
}

}  // namespace internal

void SealInTwo(const Secret& key, Bytes head, Bytes tail, Bytes aad, MutableBytes out) {
  internal::CheckSeal(key, head, tail, aad, out);
  SealWithOpenssl(key, head, tail, aad, out);
}

const Aead& OpensslAead() {
  static const OpensslGcm* const aead = new OpensslGcm;
  return *aead;
}

}  // namespace lethe::crypto
