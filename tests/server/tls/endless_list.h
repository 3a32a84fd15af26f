// An authority and its revocation list, which withdraws nothing and does not say when the next one
// comes (RFC 5280 wants it to, some tools leave it out). Begun in 2000, without an end.
#ifndef LETHE_TESTS_SERVER_TLS_ENDLESS_LIST_H_
#define LETHE_TESTS_SERVER_TLS_ENDLESS_LIST_H_

namespace lethe::test {

inline constexpr char kEndlessCa[] = R"(
-----BEGIN CERTIFICATE-----
MIIBMDCB2KADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBHRlc3QwIBcN
MDAwMTAxMDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMA8xDTALBgNVBAMMBHRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASLlF3cbEQ8U0s0WGEJZdvtwNI8YinA
FVHMc3YS7V9FG60BYCkf5w5epMWxgjo0cmlzQ1NyOgA2YJuRytRgHQonoyMwITAP
BgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQDAgNHADBE
AiBxrJaXkgNCSNvvDbsBNKTLkX5/UY84uZWc3m9HibSy/QIgZdXrAEhwBFPgKfm8
aAj6bmlEHMGUWfFiopFfFQ9nKY4=
-----END CERTIFICATE-----
)";

inline constexpr char kEndlessList[] = R"(
-----BEGIN X509 CRL-----
MIGHMC8CAQEwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEdGVzdBcNMDAwMTAxMDAw
MDAwWjAKBggqhkjOPQQDAgNIADBFAiBHDRGD15cHz5Fj6LrZT2zzQPmnrWR7auQB
A/M3pgVMgAIhAI5V6HjNS7NuQPfbVoVxwJExRnVkzpAmHBLoduvbtQ8J
-----END X509 CRL-----
)";

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_TLS_ENDLESS_LIST_H_
