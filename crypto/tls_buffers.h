// Overwrites the plaintext that passed through TLS connections in their two buffers.
//
// gRPC makes its connections itself, one pair of buffers each, and keeps them as long as the
// connection: in the one OpenSSL decrypts, in the other gRPC gathers what OpenSSL is to encrypt. So
// the last kilobytes that went either way would stand in memory until others overwrite them.
#ifndef LETHE_CRYPTO_TLS_BUFFERS_H_
#define LETHE_CRYPTO_TLS_BUFFERS_H_

namespace lethe::crypto {

// From now on every connection that OpenSSL makes in this process overwrites what it decrypted once
// it is handed on, keeps no buffer while it is idle, and overwrites what it was given to encrypt
// once it is encrypted. To be called before the first connection, once.
//
// The last is done by an SSL_write of our own, which stands before OpenSSL's for everything in a
// program that links this file: whoever calls it must not need the bytes any more. gRPC does not.
//
// False: one of the two could not be had.
bool WipeTlsBuffers();

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_TLS_BUFFERS_H_
