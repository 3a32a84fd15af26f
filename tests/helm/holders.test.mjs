// Two holders and a PKCS#11 holder, and that the real programs take what the chart renders: LETHE and
// LETHED name them (ctest sets both; without them those tests are skipped and say so).
import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yaml from 'js-yaml';
import { chart, helms, only, render, valueFiles } from './render.mjs';

const { LETHE, LETHED } = process.env;
const softToken = '/usr/lib/softhsm/libsofthsm2.so';
const ci = (name) => ['-f', join(chart, 'ci', `${name}.yaml`)];
const podOf = (docs) => only(docs, 'StatefulSet').spec.template.spec;
const holderArgs = (docs) => podOf(docs).initContainers.find((c) => c.name === 'init').args.filter((a) => a.startsWith('--holder='));

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'chart-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [version, helm] of Object.entries(helms)) {
  describe(version, () => {
    const docs = render(helm, ...ci('holders'));
    const pod = podOf(docs);
    const init = pod.initContainers.find((c) => c.name === 'init');

    test('each holder has a claim and a mount of its own, for init and for the vault', () => {
      const claims = only(docs, 'StatefulSet').spec.volumeClaimTemplates;
      assert.deepEqual(claims.map((c) => c.metadata.name), ['data', 'holder', 'holder-2', 'archive']);
      assert.deepEqual(claims.map((c) => c.spec.storageClassName), [undefined, 'nosnapshot', 'nosnapshot-elsewhere', undefined]);
      for (const container of [init, pod.containers[0]]) {
        for (const name of ['holder', 'holder-2']) {
          assert.deepEqual(container.volumeMounts.find((m) => m.name === name), { name, mountPath: `/${name}` });
        }
      }
    });

    test('a token is named to init: module, label, PIN from a secret that others may not read', () => {
      assert.deepEqual(holderArgs(docs), ['--holder=/holder/root.slots',
        '--holder=pkcs11:module=/hsm/lib/vendor-pkcs11.so;token=vault-root;pin-file=/pins/holder-2/user-pin;slots=/holder-2/root.slots']);
      assert.deepEqual(pod.volumes.find((v) => v.name === 'holder-2-pin'),
        { name: 'holder-2-pin', secret: { secretName: 'vault-pin', defaultMode: 0o440 } });
      for (const container of [init, pod.containers[0]]) {
        assert.deepEqual(container.volumeMounts.find((m) => m.name === 'holder-2-pin'),
          { name: 'holder-2-pin', mountPath: '/pins/holder-2', readOnly: true });
        assert.deepEqual(container.volumeMounts.find((m) => m.name === 'hsm'), { name: 'hsm', mountPath: '/hsm', readOnly: true });
        assert.deepEqual(container.env, [{ name: 'VENDOR_CONF', value: '/hsm/etc/vendor.conf' }]);
      }
    });

    test('init without a token has neither environment nor mounts of others', () => {
      const full = podOf(render(helm, ...ci('full'))).initContainers[0];
      assert.equal(full.env, undefined);
      assert.ok(!full.volumeMounts.some((m) => m.name === 'extra'));
    });

    test('a holder of a claim made before, and a third', () => {
      const holders = [{ type: 'file', volume: { existingClaim: 'h1' } }, { type: 'file', volume: { existingClaim: 'h2' } },
        { type: 'pkcs11', volume: { size: '64Mi' }, token: { module: '/lib/v.so', label: 'a b', pin: { secret: 'pin' } } }];
      const three = render(helm, ...ci('min'), '--set-json', `root.holders=${JSON.stringify(holders)}`);
      assert.deepEqual(holderArgs(three), ['--holder=/holder/root.slots', '--holder=/holder-2/root.slots',
        '--holder=pkcs11:module=/lib/v.so;token=a b;pin-file=/pins/holder-3/pin;slots=/holder-3/root.slots']);
      const claimed = podOf(three).volumes.filter((v) => v.persistentVolumeClaim).map((v) => v.persistentVolumeClaim.claimName);
      assert.deepEqual(claimed.sort(), ['h1', 'h2']);
    });

    for (const file of valueFiles) {
      test(`lethed --check-config takes ${basename(file)}`, { skip: LETHED ? false : 'LETHED is not set' }, () => inFolder((folder) => {
        for (const [name, text] of Object.entries(only(render(helm, '-f', file), 'ConfigMap').data)) writeFileSync(join(folder, name), text);
        const check = () => spawnSync(LETHED, ['--config', join(folder, 'lethed.yaml'), '--check-config'], { encoding: 'utf8', env: {} });
        assert.equal(check().status, 0, check().stderr);
        writeFileSync(join(folder, 'lethed.yaml'), 'log_level: loud\n');
        assert.equal(check().status, 1, 'the control');
      }));
    }
  });
}

test('the chart knows every setting of lethed, and no other', () => {
  const source = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../server/start/settings.cc'), 'utf8');
  const settings = [...source.matchAll(/^ +\{"([a-z_.]+)",/gm)].map((match) => match[1]);
  assert.ok(settings.length >= 20, `${settings.length}`);
  const known = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')).properties.config.properties;
  const has = (key) => key.split('.').reduce((map, part) => map?.properties?.[part] ?? map?.[part], known) !== undefined;
  // tls is the chart's own, whole.
  for (const key of settings.filter((key) => !key.startsWith('tls.'))) assert.ok(has(key), `${key} is missing in values.schema.json`);
  const leaves = Object.entries(known).flatMap(([key, value]) => value.properties ? Object.keys(value.properties).map((k) => `${key}.${k}`) : [key]);
  const lists = ['tls', 'tenants', 'root'];
  assert.deepEqual(leaves.filter((key) => !settings.includes(key) && !lists.includes(key)), []);
});

// The rendered arguments, with the container's folders moved into one of ours; --dev because the
// file system of a test need not overwrite in place.
const canInit = LETHE && existsSync(softToken) && spawnSync('softhsm2-util', ['--version']).status === 0;
test('lethe init makes the vault with both holders, one sealed by a real token',
  { skip: canInit ? false : 'LETHE is not set, or there is no SoftHSM2' }, () => inFolder((folder) => {
    for (const name of ['data', 'holder', 'holder-2', 'archive', 'pins/holder-2', 'tokens', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'pins/holder-2/user-pin'), '12345678\n', { mode: 0o440 });
    writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n`);
    const env = { SOFTHSM2_CONF: join(folder, 'softhsm2.conf'), HOME: folder };
    const token = ['--init-token', '--free', '--label', 'vault-root', '--so-pin', '87654321', '--pin', '12345678'];
    assert.equal(spawnSync('softhsm2-util', token, { env: { ...env, PATH: process.env.PATH } }).status, 0);
    const init = podOf(render(helms['Helm 4'], ...ci('holders'))).initContainers[0];
    const args = init.args.map((arg) => arg.replace('/hsm/lib/vendor-pkcs11.so', softToken)
      .replaceAll(/(?<=[=])\/(data|holder|holder-2|archive|pins|tmp)\//g, `${folder}/$1/`));
    const run = spawnSync(LETHE, [...args, '--dev'], { encoding: 'utf8', env });
    assert.equal(run.status, 0, run.stderr);
    const { holders } = JSON.parse(readFileSync(join(folder, 'data/vault/vault.json'), 'utf8'));
    assert.deepEqual(holders, [join(folder, 'holder/root.slots'), { type: 'pkcs11', module: softToken, token: 'vault-root',
      pin_file: join(folder, 'pins/holder-2/user-pin'), slots: join(folder, 'holder-2/root.slots') }]);
  }));
