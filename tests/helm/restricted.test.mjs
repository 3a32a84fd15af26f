// That render.mjs would see a pod that falls behind the restricted pod security standard.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { helms, only, render, valueFiles } from './render.mjs';
import { restrictedFaults } from './restricted.mjs';

const template = (file) => only(render(helms['Helm 4'], '-f', file), 'StatefulSet').spec.template;
const full = template(valueFiles.find((file) => file.endsWith('kms.yaml')));

test('every set of values renders pods that keep to it, on both Helms', () => {
  for (const helm of Object.values(helms)) {
    for (const file of valueFiles) {
      assert.deepEqual(restrictedFaults(only(render(helm, '-f', file), 'StatefulSet').spec.template), [], file);
    }
  }
});

const breaks = [
  ['Host Namespaces', (pod) => { pod.spec.hostPID = true; }],
  ['Volume Types: hostPath', (pod) => { pod.spec.volumes.push({ name: 'x', hostPath: { path: '/' } }); }],
  ['Sysctls', (pod) => { pod.spec.securityContext.sysctls = [{ name: 'kernel.msgmax', value: '1' }]; }],
  ['AppArmor', (pod) => { pod.metadata.annotations['container.apparmor.security.beta.kubernetes.io/lethed'] = 'unconfined'; }],
  ['Running as Non-root', (pod) => { delete pod.spec.securityContext.runAsNonRoot; }],
  ['Running as Non-root user', (pod) => { pod.spec.securityContext.runAsUser = 0; }],
  ['Seccomp', (pod) => { delete pod.spec.securityContext.seccompProfile; }],
  ['Seccomp', (pod) => { pod.spec.securityContext.seccompProfile.type = 'Unconfined'; }],
  ['SELinux', (pod) => { pod.spec.securityContext.seLinuxOptions = { type: 'spc_t' }; }],
];
const containerBreaks = [
  ['Privileged Containers', (c) => { c.securityContext.privileged = true; }],
  ['Privilege Escalation', (c) => { delete c.securityContext.allowPrivilegeEscalation; }],
  ['Capabilities drop', (c) => { c.securityContext.capabilities = {}; }],
  ['Capabilities add', (c) => { c.securityContext.capabilities.add = ['SYS_ADMIN']; }],
  ['/proc Mount', (c) => { c.securityContext.procMount = 'Unmasked'; }],
  ['Host Ports', (c) => { c.ports = [{ containerPort: 1, hostPort: 1 }]; }],
  ['Host Probes', (c) => { c.livenessProbe = { httpGet: { host: 'x', port: 1 } }; }],
  ['Running as Non-root', (c) => { c.securityContext.runAsNonRoot = false; }],
  ['AppArmor', (c) => { c.securityContext.appArmorProfile = { type: 'Unconfined' }; }],
];

test('control: each rule finds what breaks it, in every container', () => {
  for (const [rule, change] of breaks) {
    const pod = structuredClone(full);
    change(pod);
    assert.match(restrictedFaults(pod).join(), new RegExp(rule));
  }
  for (const [rule, change] of containerBreaks) {
    for (const pick of [(s) => s.initContainers[0], (s) => s.initContainers[1], (s) => s.containers[0]]) {
      const pod = structuredClone(full);
      change(pick(pod.spec));
      assert.match(restrictedFaults(pod).join(), new RegExp(rule));
    }
  }
});
