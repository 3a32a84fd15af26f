// Values that would break the vault, each refused by both Helms with a sentence that says why. What
// the schema refuses is said in the words of Helm's validator, which differ between the two.
import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chart, helms, refusal } from './render.mjs';

const base = (name) => ['-f', join(chart, 'ci', `${name}.yaml`)];
const set = (path, value) => ['--set-json', `${path}=${JSON.stringify(value)}`];
const pod = (value) => set('podSecurityContext', value);
const container = (value) => set('containerSecurityContext', value);
const sidecar = (value) => [...base('kms'), ...set('root.outer.kmsv2.sidecars[0]', { name: 'plugin', image: 'p:1', ...value })];
const env = (name) => set('extraEnv', [{ name, value: 'x' }]);
const provider = { name: 'a', endpoint: 'unix:///run/kms/a.sock' };
const volume = { size: '64Mi' };
const file = { type: 'file', volume };
const token = (more) => set('root.holders', [{ type: 'pkcs11', volume,
  token: { module: '/usr/lib/v.so', label: 'root', pin: { secret: 'pin' }, ...more } }]);

// What the chart says in its own words.
const sentences = [
  // The node is not the vault's.
  [container({ privileged: true }), 'containerSecurityContext.privileged: must not be true: a privileged container is root on its node, and reads every volume there'],
  [container({ allowPrivilegeEscalation: true }), 'containerSecurityContext.allowPrivilegeEscalation: must be false'],
  [container({ allowPrivilegeEscalation: null }), 'containerSecurityContext.allowPrivilegeEscalation: must be false'],
  [container({ readOnlyRootFilesystem: false }), 'containerSecurityContext.readOnlyRootFilesystem: must stay true: the vault writes to its volumes and to nothing else'],
  [container({ readOnlyRootFilesystem: null }), 'containerSecurityContext.readOnlyRootFilesystem: must stay true: the vault writes to its volumes and to nothing else'],
  [container({ capabilities: { drop: [] } }), 'containerSecurityContext.capabilities.drop: must be [ALL]'],
  [container({ capabilities: { add: ['SYS_PTRACE'] } }), 'containerSecurityContext.capabilities.add: SYS_PTRACE: the vault needs no capability'],
  [container({ runAsUser: 0 }), 'containerSecurityContext.runAsUser: must not be 0: the vault never runs as root'],
  [container({ runAsNonRoot: false }), 'containerSecurityContext.runAsNonRoot: must stay true: the vault never runs as root'],
  [container({ procMount: 'Unmasked' }), "containerSecurityContext.procMount: must stay Default: Unmasked shows the node's own"],
  [container({ seccompProfile: { type: 'Unconfined' } }), 'containerSecurityContext.seccompProfile.type: must be RuntimeDefault or Localhost'],
  [container({ appArmorProfile: { type: 'Unconfined' } }), 'containerSecurityContext.appArmorProfile.type: must be RuntimeDefault or Localhost'],
  [container({ seLinuxOptions: { type: 'spc_t' } }), 'containerSecurityContext.seLinuxOptions.type: must be one of the container types, such as container_t'],
  [pod({ seccompProfile: null }), 'podSecurityContext.seccompProfile: must be there: {type: RuntimeDefault}'],
  [pod({ seccompProfile: { type: 'Unconfined' } }), 'podSecurityContext.seccompProfile.type: must be RuntimeDefault or Localhost'],
  [pod({ seLinuxOptions: { user: 'system_u' } }), 'podSecurityContext.seLinuxOptions: user and role must stay unset'],
  [pod({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] }), "podSecurityContext.sysctls: the vault needs none, and most are the node's own"],
  [set('podAnnotations', { 'container.apparmor.security.beta.kubernetes.io/lethed': 'unconfined' }), 'podAnnotations: container.apparmor.security.beta.kubernetes.io/lethed is not for values to set'],
  [set('podAnnotations', { 'checksum/config': 'x' }), 'podAnnotations: checksum/config is not for values to set'],
  [set('extraVolumes', [{ name: 'x', hostPath: { path: '/' } }]), 'extraVolumes: hostPath: the restricted pod security standard forbids such a volume'],
  // Volumes.
  [set('extraVolumes', [{ name: 'data', emptyDir: {} }]), 'extraVolumes: the name "data" is taken'],
  [set('extraVolumes', [{ name: 'x', persistentVolumeClaim: { claimName: 'holder-rv-lethe-0' } }]), 'extraVolumes: "holder-rv-lethe-0" is the claim of holder: nothing else may mount it'],
  [set('extraVolumeMounts', [{ name: 'holder', mountPath: '/x' }]), 'extraVolumeMounts: "holder" is none of extraVolumes'],
  [[...set('extraVolumes', [{ name: 'x', emptyDir: {} }]), ...set('extraVolumeMounts', [{ name: 'x', mountPath: '/holder/' }])], 'extraVolumeMounts: /holder would cover /holder, which the chart mounts or the image brings'],
  [[...set('extraVolumes', [{ name: 'x', emptyDir: {} }]), ...set('extraVolumeMounts', [{ name: 'x', mountPath: '/etc' }])], 'extraVolumeMounts: /etc would cover /etc/lethe, which the chart mounts or the image brings'],
  [[...set('extraVolumes', [{ name: 'x', emptyDir: {} }]), ...set('extraVolumeMounts', [{ name: 'x', mountPath: '/usr/bin/lethed', subPath: 'a' }])], 'extraVolumeMounts: /usr/bin/lethed would cover /usr/bin, which the chart mounts or the image brings'],
  [[...set('persistence.existingClaim', 'one'), ...set('root.holders', [{ type: 'file', volume: { existingClaim: 'one' } }])], 'existingClaim: data and holder have the same claim "one": each of data, holders and archive needs a volume of its own, or the root key lies beside what it opens'],
  [[...set('root.archive.volume', { existingClaim: 'one' }), ...set('root.holders', [{ type: 'file', volume: { existingClaim: 'one' } }])], 'existingClaim: holder and archive have the same claim "one"'],
  [set('root.holders', [{ type: 'file', volume: { existingClaim: 'h' } }, { type: 'file', volume: { existingClaim: 'h' } }]), 'existingClaim: holder and holder-2 have the same claim "h"'],
  [set('persistence.existingClaim', 'holder-rv-lethe-0'), 'existingClaim: data and holder have the same claim "holder-rv-lethe-0"'],
  // Holders.
  [set('root.holders', [{ type: 'pkcs11', volume }]), 'root.holders[0]: a holder of type pkcs11 needs its token: {module, label, pin: {secret, key}}'],
  [set('root.holders', [file, { ...file, token: { module: '/v.so', label: 'l', pin: { secret: 's' } } }]), 'root.holders[1]: a holder of type file has no token: say type: pkcs11'],
  // The end of the pod.
  [set('terminationGracePeriodSeconds', 15), 'terminationGracePeriodSeconds: 15 is too short: calls may take 10 s to drain (config.drain_seconds), and the flush behind them needs 10 more, or Kubernetes kills the vault in it'],
  [set('config.drain_seconds', 60), 'terminationGracePeriodSeconds: 60 is too short: calls may take 60 s to drain'],
  // The server's settings.
  [set('config.listen', 'x'), 'config: listen is written by the chart itself'],
  [set('config', { root: {} }), 'config: root is written by the chart itself'],
  [set('config.port_file', '/data/ports'), 'config: port_file is written by the chart itself'],
  [set('config.insecure_loopback_dev', true), 'config: insecure_loopback_dev: there is no plaintext mode in a cluster'],
  [env('LETHED_LISTEN'), "extraEnv: LETHED_LISTEN would override the chart's configuration: put it into config"],
  [env('LETHED_HEALTH_LISTEN'), "extraEnv: LETHED_HEALTH_LISTEN would override the chart's configuration: put it into config"],
  [env('LETHED_CONFIG'), "extraEnv: LETHED_CONFIG would override the chart's configuration: put it into config"],
  [env('GLIBC_TUNABLES'), "extraEnv: GLIBC_TUNABLES is the image's own: by it freed memory is overwritten at once"],
  [env('LD_PRELOAD'), 'extraEnv: LD_PRELOAD would put foreign code into the process that holds the keys'],
  [env('GRPC_TRACE'), "extraEnv: GRPC_TRACE: gRPC's own switches can write what callers send into the log"],
  [set('extraEnv', [{ name: 'A', value: '1' }, { name: 'A', value: '2' }]), 'extraEnv: "A" stands there twice'],
  [set('health.port', 8443), 'health.port: 8443 is the port of the vault itself'],
  [set('tenants', [{ name: 'a', policy: 'x' }, { name: 'a', policy: 'y' }]), 'tenants: "a" stands there twice'],
  [set('commonLabels', { 'app.kubernetes.io/name': 'x' }), 'commonLabels: app.kubernetes.io/name is written by the chart itself'],
  // Key services.
  [set('root.outer.kmsv2.providers', [provider, provider]), 'root.outer.kmsv2.providers: "a" stands there twice'],
  [set('root.outer.kmsv2.providers', [provider, { ...provider, name: 'b' }]), 'root.outer.kmsv2.providers: "b" has the endpoint of another'],
  [set('root.outer.kmsv2.sidecars', [{ name: 'a', image: 'b' }]), 'root.outer.kmsv2: sidecars without providers: nothing would ask them'],
  [sidecar({ name: 'lethed' }), 'root.outer.kmsv2.sidecars: the name "lethed" is taken'],
  [sidecar({ securityContext: { runAsUser: 7 } }), 'root.outer.kmsv2.sidecars: "plugin" must run as the vault\'s user, or the vault cannot open its socket'],
  [sidecar({ securityContext: { privileged: true } }), 'root.outer.kmsv2.sidecars: plugin.securityContext.privileged: must not be true'],
  [sidecar({ ports: [{ containerPort: 1, hostPort: 1 }] }), 'root.outer.kmsv2.sidecars: plugin.ports.hostPort: must stay unset: it opens a port of the node'],
  [sidecar({ livenessProbe: { httpGet: { host: '10.0.0.1', port: 1 } } }), 'root.outer.kmsv2.sidecars: plugin.livenessProbe.httpGet.host: must stay unset: the kubelet would ask another machine'],
  [sidecar({ volumeMounts: [{ name: 'holder', mountPath: '/h' }] }), 'root.outer.kmsv2.sidecars: "plugin" must not see the vault\'s volume "holder"'],
];

// What the schema refuses: where, and what is wrong with it.
const schema = [
  [set('config.log_level', 'loud'), /config.log_level.*(debug)/s],
  [set('config.log_levle', 'warn'), /log_levle/],
  [set('config.drain_seconds', 0), /config.drain_seconds/],
  [set('config.drain_seconds', '10s'), /config.drain_seconds.*(integer)/s],
  [set('config.limits.workers', 0), /config.limits.workers/],
  [set('config.audit.reads', 'never'), /config.audit.reads/],
  [set('config.doomed_delay', 'soon'), /config.doomed_delay/],
  [set('root.holders', []), /holders/],
  [set('root.holders', [file, file, file, file]), /holders/],
  [set('root.holders[0].type', 'kms'), /root.holders.0.type/],
  [set('root.holders', [{ type: 'file', volume: {} }]), /volume/],
  [token({ module: 'v.so' }), /token.module/],
  [token({ label: 'a;slots=/data/s' }), /token.label/],
  [token({ pin: '1234' }), /token.pin/],
  [token({ pin: { secret: 'Not A Name' } }), /token.pin.secret/],
  [set('root.outer.kmsv2.providers', [{ name: 'a', endpoint: 'https://kms' }]), /endpoint/],
  [set('root.outer.kmsv2.providers', [{ name: 'a' }]), /endpoint/],
  [set('root.outer.kmsv2.providers', [{ ...provider, timeout: '31s' }]), /timeout/],
  [set('root.outer.kmsv2.providers', [{ ...provider, timeout: '1.2.3s' }]), /timeout/],
  [sidecar({ restartPolicy: 'Never' }), /restartPolicy/],
  [set('persistance.size', '1Gi'), /persistance/],
  [set('tls.enabled', false), /enabled/],
  [set('persistence.size', 'big'), /size/],
  [set('persistence.accessMode', 'ReadWriteMany'), /accessMode/],
  [set('podSecurityContext.runAsNonRoot', false), /runAsNonRoot/],
  [set('podSecurityContext.runAsUser', 0), /runAsUser/],
  [set('tenants', []), /tenants/],
  [['--set', 'tenants[0].name=Not A Name'], /name/],
  [['--set', 'tenants[0].policy=null'], /policy/],
  [set('service.port', 70000), /port/],
  [set('networkPolicy.allowedClients', [{}]), /allowedClients/],
  [set('terminationGracePeriodSeconds', 5), /terminationGracePeriodSeconds/],
];

for (const [version, helm] of Object.entries(helms)) {
  describe(version, () => {
    for (const [flags, sentence] of sentences) {
      test(`refused: ${flags.join(' ')}`, () => {
        // Helm 4 breaks a long line of its own where it likes.
        const said = refusal(helm, ...base('min'), ...flags).replace(/\s+/g, ' ');
        assert.ok(said.includes(sentence), said);
      });
    }
    for (const [flags, reason] of schema) {
      test(`refused by the schema: ${flags.join(' ')}`, () => assert.match(refusal(helm, ...base('min'), ...flags), reason));
    }
  });
}
