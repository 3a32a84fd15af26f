// The version of this build, from the project's one declaration of it.
#ifndef LETHE_SERVER_TELLING_VERSION_H_
#define LETHE_SERVER_TELLING_VERSION_H_

namespace lethe::server {

extern const char kVersion[];

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_VERSION_H_
