// The restricted pod security standard (Kubernetes 1.34), as a list of what a pod breaks of it. Each
// rule bears the name of the standard's own table.
const volumeKinds = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];
const safeSysctls = ['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes'];
const selinuxTypes = [undefined, '', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const profiles = ['RuntimeDefault', 'Localhost'];

// Of a pod's or a container's security context.
function contextFaults(context) {
  const faults = [];
  if (context.windowsOptions?.hostProcess) faults.push('HostProcess');
  if (!selinuxTypes.includes(context.seLinuxOptions?.type)) faults.push('SELinux type');
  if (context.seLinuxOptions?.user || context.seLinuxOptions?.role) faults.push('SELinux user and role');
  if (context.appArmorProfile && !profiles.includes(context.appArmorProfile.type)) faults.push('AppArmor');
  if (context.seccompProfile && !profiles.includes(context.seccompProfile.type)) faults.push('Seccomp');
  if (context.runAsNonRoot === false) faults.push('Running as Non-root');
  if (context.runAsUser === 0) faults.push('Running as Non-root user');
  return faults;
}

function handlersOf(container) {
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
  return [...probes, container.lifecycle?.postStart, container.lifecycle?.preStop].filter(Boolean);
}

function containerFaults(container, pod) {
  const context = container.securityContext ?? {};
  const faults = contextFaults(context);
  if (context.privileged) faults.push('Privileged Containers');
  if (context.allowPrivilegeEscalation !== false) faults.push('Privilege Escalation');
  if (!context.capabilities?.drop?.includes('ALL')) faults.push('Capabilities drop');
  if (context.capabilities?.add?.some((c) => c !== 'NET_BIND_SERVICE')) faults.push('Capabilities add');
  if (context.procMount && context.procMount !== 'Default') faults.push('/proc Mount Type');
  if (container.ports?.some((port) => port.hostPort)) faults.push('Host Ports');
  if (handlersOf(container).some((h) => h.httpGet?.host || h.tcpSocket?.host)) faults.push('Host Probes / Lifecycle Hooks');
  if (!(context.runAsNonRoot ?? pod.securityContext?.runAsNonRoot)) faults.push('Running as Non-root');
  if (!(context.seccompProfile ?? pod.securityContext?.seccompProfile)) faults.push('Seccomp');
  return faults.map((fault) => `${container.name}: ${fault}`);
}

export function restrictedFaults({ metadata, spec }) {
  const faults = [];
  for (const host of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[host]) faults.push(`Host Namespaces: ${host}`);
  for (const volume of spec.volumes ?? []) {
    const kind = Object.keys(volume).find((key) => key !== 'name');
    if (!volumeKinds.includes(kind)) faults.push(`Volume Types: ${kind}`);
  }
  for (const { name } of spec.securityContext?.sysctls ?? []) if (!safeSysctls.includes(name)) faults.push(`Sysctls: ${name}`);
  for (const [key, value] of Object.entries(metadata?.annotations ?? {})) {
    const unconfined = key.startsWith('container.apparmor.security.beta.kubernetes.io/') &&
      value !== 'runtime/default' && !value.startsWith('localhost/');
    if (unconfined) faults.push(`AppArmor: ${key}`);
  }
  faults.push(...contextFaults(spec.securityContext ?? {}).map((fault) => `pod: ${fault}`));
  for (const container of [...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? []), ...spec.containers]) {
    faults.push(...containerFaults(container, spec));
  }
  return faults;
}
