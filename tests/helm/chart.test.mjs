// What the chart promises, on both Helms.
import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import yaml from 'js-yaml';
import { chart, helms, only, render, renderText, valueFiles } from './render.mjs';

const ci = (name) => ['-f', join(chart, 'ci', `${name}.yaml`)];
const nameAndInstance = { 'app.kubernetes.io/name': 'lethe', 'app.kubernetes.io/instance': 'rv' };

for (const [version, helm] of Object.entries(helms)) {
  describe(version, () => {
    const full = render(helm, ...ci('full'));
    const min = render(helm, ...ci('min'));
    const pod = (docs) => only(docs, 'StatefulSet').spec.template.spec;

    test('what can never change holds name and instance only, whatever labels are asked for', () => {
      const set = only(full, 'StatefulSet');
      assert.deepEqual(set.spec.selector.matchLabels, nameAndInstance);
      for (const claim of set.spec.volumeClaimTemplates) {
        assert.deepEqual(claim.metadata.labels, nameAndInstance);
      }
      assert.equal(set.metadata.labels.team, 'privacy');
      for (const service of full.filter((d) => d.kind === 'Service')) {
        assert.deepEqual(service.spec.selector, nameAndInstance);
      }
      assert.deepEqual(only(full, 'PodDisruptionBudget').spec.selector.matchLabels, nameAndInstance);
    });

    test('data, holder and archive are three claims, each with apiVersion and kind', () => {
      const claims = only(min, 'StatefulSet').spec.volumeClaimTemplates;
      assert.deepEqual(claims.map((c) => c.metadata.name), ['data', 'holder', 'archive']);
      for (const claim of claims) {
        assert.equal(claim.apiVersion, 'v1');
        assert.equal(claim.kind, 'PersistentVolumeClaim');
      }
      assert.deepEqual(claims.map((c) => c.spec.resources.requests.storage), ['10Gi', '64Mi', '5Gi']);
    });

    test('a volume made by somebody else takes the place of its claim', () => {
      const bare = render(helm, ...ci('bare'));
      assert.equal(only(bare, 'StatefulSet').spec.volumeClaimTemplates, undefined);
      const claimed = pod(bare).volumes.filter((v) => v.persistentVolumeClaim);
      assert.deepEqual(claimed.map((v) => [v.name, v.persistentVolumeClaim.claimName]), [
        ['archive', 'archive-made-before'], ['data', 'data-made-before'], ['holder', 'holder-made-before']]);
    });

    test('every path of certificates in the configuration lies in a folder that a secret is mounted to', () => {
      for (const [docs, count] of [[min, 3], [full, 4]]) {
        const { tls } = yaml.load(only(docs, 'ConfigMap').data['lethed.yaml']);
        assert.equal(Object.keys(tls).length, count);
        const secrets = pod(docs).volumes.filter((v) => v.secret).map((v) => v.name);
        const lethed = pod(docs).containers.find((c) => c.name === 'lethed');
        for (const path of Object.values(tls)) {
          const mount = lethed.volumeMounts.find((m) => path.startsWith(`${m.mountPath}/`));
          assert.ok(secrets.includes(mount?.name), path);
        }
      }
    });

    test('every mount has its volume or claim, and nothing is mounted by subPath', () => {
      for (const docs of [min, full, render(helm, ...ci('bare'))]) {
        const names = [...pod(docs).volumes.map((v) => v.name),
          ...(only(docs, 'StatefulSet').spec.volumeClaimTemplates ?? []).map((c) => c.metadata.name)];
        assert.equal(new Set(names).size, names.length);
        for (const container of [...(pod(docs).initContainers ?? []), ...pod(docs).containers]) {
          const paths = container.volumeMounts.map((m) => m.mountPath);
          assert.equal(new Set(paths).size, paths.length);
          for (const mount of container.volumeMounts) {
            assert.ok(names.includes(mount.name), mount.name);
            assert.equal(mount.subPath, undefined);
          }
        }
      }
    });

    test('probes ask for liveness and readiness in plaintext on the health port', () => {
      const [container] = pod(full).containers;
      assert.deepEqual(container.startupProbe.grpc, { port: 9444, service: 'liveness' });
      assert.deepEqual(container.livenessProbe.grpc, { port: 9444, service: 'liveness' });
      assert.deepEqual(container.readinessProbe.grpc, { port: 9444, service: 'readiness' });
      const config = yaml.load(only(full, 'ConfigMap').data['lethed.yaml']);
      assert.match(JSON.stringify(config), /0\.0\.0\.0:9444/);
    });

    test('the pod runs as nobody with nothing it could write but its volumes', () => {
      assert.equal(pod(min).securityContext.runAsNonRoot, true);
      assert.equal(pod(min).securityContext.runAsUser, 65532);
      assert.equal(pod(min).securityContext.fsGroupChangePolicy, 'OnRootMismatch');
      assert.equal(pod(min).automountServiceAccountToken, false);
      assert.equal(pod(min).enableServiceLinks, false);
      for (const container of [...pod(min).initContainers, ...pod(min).containers]) {
        assert.deepEqual(container.securityContext, {
          allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
        assert.equal(container.resources.limits.cpu, undefined);
      }
    });

    test('OpenShift values leave user and group to the platform', () => {
      const context = pod(render(helm, ...ci('min'), '-f', join(chart, 'values-openshift.yaml'))).securityContext;
      for (const key of ['runAsUser', 'runAsGroup', 'fsGroup']) assert.ok(!(key in context), key);
      assert.equal(context.runAsNonRoot, true);
    });

    test('each tenant has its policy beside the configuration, as text or as a map', () => {
      const { data } = only(full, 'ConfigMap');
      assert.deepEqual(Object.keys(data), ['lethed.yaml', 'policy-acme.yaml', 'policy-globex.yaml']);
      assert.deepEqual(yaml.load(data['lethed.yaml']).tenants, [
        { name: 'acme', policy: 'policy-acme.yaml' }, { name: 'globex', policy: 'policy-globex.yaml' }]);
      assert.match(data['policy-acme.yaml'], /^# As text, with its comments\.\n/);
      assert.equal(yaml.load(data['policy-acme.yaml']).categories[0].legal_obligation.reference, 'Art. 2220 c.c.');
      assert.equal(yaml.load(data['policy-globex.yaml']).time_zone, 'UTC');
    });

    test('a changed configuration changes the pod, nothing else does', () => {
      const sum = (...flags) => only(render(helm, ...ci('min'), ...flags), 'StatefulSet')
        .spec.template.metadata.annotations['checksum/config'];
      assert.notEqual(sum(), sum('--set', 'health.port=9000'));
      assert.equal(sum(), sum('--set', 'persistence.size=1Gi'));
    });

    test('the init container makes the vault only where there is none', () => {
      const [init] = pod(min).initContainers;
      assert.deepEqual(init.command, ['/usr/bin/lethe']);
      assert.ok(init.args.includes('--if-absent'));
      assert.ok(init.args.includes('--holder=/holder/root.slots'));
      assert.ok(init.args.includes('--tenant=demo'));
      assert.equal(pod(render(helm, ...ci('bare'))).initContainers, undefined);
    });

    test('a disruption budget never blocks a node drain', () => {
      const budget = only(min, 'PodDisruptionBudget').spec;
      assert.equal(budget.maxUnavailable, 1);
      assert.equal(budget.minAvailable, undefined);
    });

    test('the network policy opens the vault to its namespace or to those named, and lets nobody out', () => {
      const policy = only(min, 'NetworkPolicy').spec;
      assert.deepEqual(policy.ingress, [{ ports: [{ port: 'grpc', protocol: 'TCP' }], from: [{ podSelector: {} }] }]);
      assert.deepEqual(policy.egress, []);
      const named = only(full, 'NetworkPolicy').spec;
      assert.equal(named.ingress[0].from.length, 1);
      assert.deepEqual(named.ingress[0].from[0].podSelector.matchLabels, { app: 'crm' });
      assert.equal(named.egress[0].ports[0].port, 443);
    });

    test('image names: registry, tag, digest', () => {
      assert.equal(pod(min).containers[0].image, 'lethe:0.1.0');
      assert.equal(pod(full).containers[0].image, 'registry.example/privacy/lethe:1.2.3');
      assert.match(pod(render(helm, ...ci('bare'))).containers[0].image, /^lethe@sha256:0{64}$/);
    });

    test('the chart makes no secret: a root key is never rendered', () => {
      for (const docs of [min, full]) assert.equal(docs.filter((d) => d.kind === 'Secret').length, 0);
    });

    test('a long release name leaves room for what is added to it', () => {
      const name = only(render(helm, ...ci('min'), '--set', `fullnameOverride=${'a'.repeat(60)}`), 'StatefulSet').metadata.name;
      assert.ok(name.length <= 52, name);
    });

    test('global and enabled are allowed, so that the chart can be a subchart', () => {
      render(helm, ...ci('min'), '--set', 'global.x=1,enabled=true');
    });

    test('a KMS plugin is a native sidecar that shares a folder in memory with the vault alone', () => {
      const kms = render(helm, ...ci('kms'));
      const [plugin, init] = pod(kms).initContainers;
      assert.equal(plugin.name, 'aws-kms');
      assert.equal(plugin.restartPolicy, 'Always');
      assert.deepEqual(plugin.startupProbe.httpGet, { path: '/healthz', port: 8080 });
      assert.equal(plugin.securityContext.readOnlyRootFilesystem, true);
      assert.deepEqual(plugin.volumeMounts, [{ name: 'kms-sockets', mountPath: '/run/kms' }]);
      assert.equal(init.name, 'init');
      assert.ok(!init.volumeMounts.some((m) => m.name === 'kms-sockets'));
      assert.ok(pod(kms).containers[0].volumeMounts.some((m) => m.mountPath === '/run/kms'));
      const sockets = pod(kms).volumes.find((v) => v.name === 'kms-sockets');
      assert.equal(sockets.emptyDir.medium, 'Memory');
      assert.deepEqual(yaml.load(only(kms, 'ConfigMap').data['lethed.yaml']).root, { outer: { kmsv2: {
        providers: [{ name: 'aws-1', endpoint: 'unix:///run/kms/aws.sock', timeout: '5s' }] } } });
    });

    test('a plugin adds to the securityContext of the vault, and needs no init container beside it', () => {
      const context = { readOnlyRootFilesystem: false, runAsNonRoot: true };
      const own = pod(render(helm, ...ci('kms'), '--set', 'init.enabled=false', '--set-json',
        `root.outer.kmsv2.sidecars[0].securityContext=${JSON.stringify(context)}`));
      assert.deepEqual(own.initContainers.map((c) => c.name), ['aws-kms']);
      assert.deepEqual(own.initContainers[0].securityContext,
        { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, ...context });
    });

    test('without a key service nothing of it is there', () => {
      assert.ok(!pod(full).volumes.some((v) => v.name === 'kms-sockets'));
      assert.equal(yaml.load(only(full, 'ConfigMap').data['lethed.yaml']).root, undefined);
    });
  });
}

test('both Helms render the same', () => {
  for (const file of valueFiles) {
    assert.equal(renderText(helms['Helm 3'], '-f', file), renderText(helms['Helm 4'], '-f', file), file);
  }
});
