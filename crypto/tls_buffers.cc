#include "crypto/tls_buffers.h"

#include <dlfcn.h>
#include <openssl/ssl.h>

#include "base/bytes.h"
#include "base/check.h"

namespace lethe::crypto {
namespace {

using SslWrite = int (*)(SSL*, const void*, int);

SslWrite OpenSslWrite() {
  static const auto write = reinterpret_cast<SslWrite>(dlsym(RTLD_NEXT, "SSL_write"));
  LETHE_CHECK(write != nullptr);
  return write;
}

// Called by SSL_new: the one place that every connection passes, whoever makes it.
void OnNewConnection(void* parent, void* /*data*/, CRYPTO_EX_DATA* /*all*/, int /*index*/,
                     long /*number*/, void* /*pointer*/) {
  auto* const ssl = static_cast<SSL*>(parent);
  SSL_set_options(ssl, SSL_OP_CLEANSE_PLAINTEXT);
  SSL_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

bool WipeTlsBuffers() {
  const int index = SSL_get_ex_new_index(0, nullptr, OnNewConnection, nullptr, nullptr);
  // What gRPC's library finds under the name.
  return index >= 0 && dlsym(RTLD_DEFAULT, "SSL_write") == reinterpret_cast<void*>(&SSL_write);
}

}  // namespace lethe::crypto

// Visible, so that the loader binds gRPC to it. The bytes are gRPC's own buffer (the frame
// protector's), which it fills anew from the start after every write that succeeds.
extern "C" __attribute__((visibility("default"), used)) int SSL_write(SSL* ssl, const void* bytes,
                                                                      int size) {
  const int written = lethe::crypto::OpenSslWrite()(ssl, bytes, size);
  if (written == size && size > 0) {
    auto* const begin = static_cast<std::uint8_t*>(const_cast<void*>(bytes));
    lethe::Wipe(lethe::MutableBytes(begin, static_cast<std::size_t>(size)));
  }
  return written;
}
