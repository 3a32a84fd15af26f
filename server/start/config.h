// What lethed is told: a YAML file, environment variables and flags.
//
// A flag beats the environment, the environment beats the file. Every single value exists in all
// three: `tls.ca` in the file, LETHED_TLS_CA, --tls-ca (settings.h has the one table); lists stand
// in the file (tenants have a flag, too). An unknown key of the file is an error that names its
// line. Paths in the file are relative to the file's folder, others to the working directory.
//
//   data_dir: /var/lib/lethe
//   listen: 127.0.0.1:7443
//   tls: {ca: ca.crt, cert: server.crt, key: server.key}
//   tenants:
//     - {name: acme, policy: acme.yaml}
//   root:
//     outer: {kmsv2: {providers: [{name: aws-1, endpoint: "unix:///run/kms/aws.sock"}]}}
#ifndef LETHE_SERVER_START_CONFIG_H_
#define LETHE_SERVER_START_CONFIG_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/telling/operator_files.h"
#include "server/tls/tls_files.h"

namespace lethe::server {

struct TenantFile {
  std::string name;    // A DNS label.
  std::string policy;  // Path of the policy document.
};

// A key service behind a KMS v2 plugin: it seals an outer part of the root (docs/erasure.md).
struct KmsProvider {
  std::string name;      // A DNS label; stands in the holders, so it is for good.
  std::string endpoint;  // "unix:///PATH", "unix:///@NAME".
  absl::Duration timeout = absl::Seconds(3);  // Of one call; Kubernetes' own.
};

struct LimitSettings {
  // Workers wait for the disk most of the time, and what waits together is synced together: more
  // threads than cores is what makes group commits large.
  int workers = 16;
  int workers_rights = 4;   // Erasures and restrictions, apart so that a flood of reads cannot
                            // hold up a right.
  int workers_streams = 4;  // Reports, exports, imports.
  int queue_unary = 1024;   // Calls that wait for a worker; beyond, RESOURCE_EXHAUSTED.
  int queue_rights = 64;
  int queue_streams = 64;  // Streams open at once.
  // Fewer where the limit of open files wants it (connection_plan.h).
  int connections = 10'000;
  int connections_per_address = 1024;  // Of IPv6 the /64.
  int handshakes = 128;                // Connections at once that have not proven who they are.
  int memory_mb = 512;                 // Of gRPC's buffers; beyond, it slows its peers down.
  int in_flight_mb = 128;  // Of requests and answers; half of it for one caller. Beyond: QUOTA.
  // The process ends and asks to be started again when it stays above nine tenths of this. 0: of
  // its cgroup's limit, if there is one.
  int process_mb = 0;
  // A caller that does not read an answer or a piece of a stream for so long is cut off.
  absl::Duration stalled = absl::Seconds(30);
};

struct ServerConfig {
  std::vector<OperatorFile> read_once;  // Where all this was read, and the policies once they are.
  std::string data_dir;
  std::string listen = "127.0.0.1:7443";
  // A plaintext port that answers health checks and nothing else, for probes that have no
  // certificate. Empty: none.
  std::string health_listen;
  // Where to write the ports in use, the main one in the first line and the health port in the
  // second, once both accept calls. For ":0".
  std::string port_file;
  TlsFiles tls;
  // No TLS and no certificates: callers name themselves. Loopback addresses only.
  bool insecure_loopback_dev = false;
  // Lets clients ask for the API's description.
  bool reflection = false;
  std::vector<TenantFile> tenants;
  // The first seals, all open: so a holder moves from one to the next. Empty: no outer part.
  std::vector<KmsProvider> kms_providers;
  LimitSettings limits;
  // The event of a read is on disk before its answer leaves; false: up to 10 ms of read events may
  // be lost at power loss.
  bool durable_reads = true;
  // Update and delete destroy the old bytes' keys no later than this.
  absl::Duration doomed_delay = absl::Seconds(60);
  std::string log_level = "info";
  // How long calls under way may take after SIGTERM.
  absl::Duration drain = absl::Seconds(10);
};

// What makes no sense as a whole. INVALID_ARGUMENT names the setting.
absl::Status CheckConfig(const ServerConfig& config);

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_CONFIG_H_
