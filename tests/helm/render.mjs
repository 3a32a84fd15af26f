// Renders the chart with a real Helm. HELM3 and HELM4 name the two programs (run.sh sets them).
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import yaml from 'js-yaml';
import { restrictedFaults } from './restricted.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const chart = join(here, '..', '..', 'helm');
export const helms = { 'Helm 3': process.env.HELM3, 'Helm 4': process.env.HELM4 };
export const valueFiles = readdirSync(join(chart, 'ci')).map((name) => join(chart, 'ci', name));

const templateArgs = (flags) => ['template', 'rv', chart, '-n', 'vault', ...flags];

export function renderText(helm, ...flags) {
  return execFileSync(helm, templateArgs(flags), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

// Whatever any test renders must keep to the restricted pod security standard.
export function render(helm, ...flags) {
  const docs = yaml.loadAll(renderText(helm, ...flags)).filter((doc) => doc !== null && doc !== undefined);
  for (const doc of docs) {
    const faults = doc.spec?.template ? restrictedFaults(doc.spec.template) : [];
    if (faults.length > 0) throw new Error(`${flags.join(' ')}: not restricted: ${faults.join(', ')}`);
  }
  return docs;
}

// What Helm says when it refuses; fails if it does not refuse.
export function refusal(helm, ...flags) {
  const run = spawnSync(helm, templateArgs(flags), { encoding: 'utf8' });
  if (run.status === 0) throw new Error(`${flags.join(' ')} was accepted`);
  return run.stderr;
}

export const only = (docs, kind, name) => {
  const found = docs.filter((d) => d.kind === kind && (name === undefined || d.metadata.name === name));
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name ?? ''}`);
  return found[0];
};
