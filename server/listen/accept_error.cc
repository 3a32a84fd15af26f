#include "server/listen/accept_error.h"

#include <cerrno>

namespace lethe::server {

bool IsOfTheConnection(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
    case EPERM:  // A firewall's.
      return true;
    default:
      return false;
  }
}

std::string_view NameOfAcceptError(int error) {
  switch (error) {
    case EMFILE:
      return "EMFILE";
    case ENFILE:
      return "ENFILE";
    case ENOBUFS:
    case ENOMEM:
      return "ENOMEM";
    default:
      return "accept failed";
  }
}

}  // namespace lethe::server
