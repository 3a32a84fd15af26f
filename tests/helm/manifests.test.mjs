// Every rendered object against the Kubernetes schemas (types, required fields) and against their
// TypeScript types, which also know which fields do not exist.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yaml from 'js-yaml';
import { chart, helms, only, render, valueFiles } from './render.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const moduleOf = (doc) => `kubernetes-models/${doc.apiVersion}`;
// The jobs that docs/cli.md and helm/README.md hand to people are held to the same.
const jobsFile = join(chart, '..', 'docs', 'examples', 'backup-cronjobs.yaml');
const jobs = yaml.loadAll(readFileSync(jobsFile, 'utf8'));
const rendered = [
  ...valueFiles.flatMap((file) => render(helms['Helm 4'], '-f', file).map((doc) => ({ from: basename(file), doc }))),
  ...jobs.map((doc) => ({ from: basename(jobsFile), doc })),
];

async function schemaFault(doc) {
  const { [doc.kind]: Kind } = await import(moduleOf(doc));
  try {
    new Kind(doc).validate();
    return null;
  } catch (error) {
    return error.message;
  }
}

// What the compiler says of the objects, written as typed constants.
function typeFaults(docs) {
  const folder = mkdtempSync(join(here, 'node_modules', '.typed-'));
  try {
    const file = join(folder, 'objects.ts');
    writeFileSync(file, docs.map((doc, i) =>
      `import type { I${doc.kind} as T${i} } from '${moduleOf(doc)}';\n` +
      `export const x${i}: T${i} = ${JSON.stringify(doc, null, 1)};\n`).join(''));
    const tsc = join(here, 'node_modules', 'typescript', 'bin', 'tsc');
    const run = spawnSync(process.execPath,
      [tsc, '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--moduleResolution', 'nodenext', file],
      { encoding: 'utf8' });
    return run.stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('every object is valid', async () => {
  assert.ok(rendered.length >= 20, `${rendered.length}`);
  for (const { from, doc } of rendered) {
    assert.equal(await schemaFault(doc), null, `${from}: ${doc.kind} ${doc.metadata.name}`);
  }
});

test('no object has a field that does not exist', () => {
  assert.equal(typeFaults(rendered.map(({ doc }) => doc)), '');
});

test('the jobs of the backups are as closed as the pod of the vault', () => {
  const set = only(render(helms['Helm 4'], '-f', valueFiles[0]), 'StatefulSet').spec.template.spec;
  assert.equal(jobs.length, 3);
  for (const { spec, metadata } of jobs) {
    const pod = spec.jobTemplate.spec.template.spec;
    assert.deepEqual(pod.securityContext, set.securityContext, metadata.name);
    assert.deepEqual(pod.containers[0].securityContext, set.containers[0].securityContext, metadata.name);
    assert.equal(pod.automountServiceAccountToken, false);
  }
});

test('control: a wrong type and a misspelt field are found', async () => {
  const set = () => structuredClone(only(render(helms['Helm 4'], '-f', valueFiles[0]), 'StatefulSet'));
  const wrong = set();
  wrong.spec.template.spec.containers[0].ports[0].containerPort = 'grpc';
  assert.match(await schemaFault(wrong), /containerPort/);
  const misspelt = set();
  misspelt.spec.template.spec.containers[0].redinessProbe = {};
  assert.match(typeFaults([misspelt]), /redinessProbe/);
});
