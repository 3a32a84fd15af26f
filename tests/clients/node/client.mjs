// What a client does that knows nothing but the server's address and its own certificate: it asks
// the server for its API (reflection), and with that makes a customer, reads, lists and erases.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import grpc from '@grpc/grpc-js';
import reflection from 'grpc-js-reflection-client';

const { ADDRESS, CA, CERT, KEY } = process.env;
const PARENT = 'tenants/acme';
const purpose = 'service';
const deadline = () => ({ deadline: Date.now() + 20_000 });
const credentials = grpc.credentials.createSsl(
    readFileSync(CA), readFileSync(KEY), readFileSync(CERT));

async function describe() {
  const server = new reflection.GrpcReflection(ADDRESS, credentials, {}, 'v1alpha');
  const services = await server.listServices();
  for (const name of ['lethe.v1.VaultService', 'lethe.v1.RightsService', 'grpc.health.v1.Health']) {
    assert.ok(services.includes(name), `reflection lists ${name}`);
    // Whatever is listed can be described: others give up at the first service that cannot.
    await server.getDescriptorBySymbol(name);
  }
  const api = {};
  for (const name of ['lethe.v1.VaultService', 'lethe.v1.RightsService']) {
    const descriptor = await server.getDescriptorBySymbol(name);
    Object.assign(api, descriptor.getPackageObject({
      keepCase: true, enums: String, longs: String, bytes: Buffer, defaults: true,
    }).lethe.v1);
  }
  return api;
}

// A call as a promise; a refusal rejects with its gRPC status.
function caller(client) {
  return (method, request) => new Promise((resolve, reject) => {
    client[method](request, deadline(), (error, answer) => error ? reject(error) : resolve(answer));
  });
}

async function expectRefusal(code, promise) {
  const error = await promise.then(() => assert.fail('not refused'), (refusal) => refusal);
  assert.equal(error.code, code, error.message);
  const details = error.metadata.get('grpc-status-details-bin');
  assert.equal(details.length, 1, 'every error carries its details');
  assert.ok(details[0].includes('lethe.vault'), 'with an ErrorInfo of our domain');
}

async function main() {
  const api = await describe();
  const vault = caller(new api.VaultService(ADDRESS, credentials));
  const rights = caller(new api.RightsService(ADDRESS, credentials));
  const email = { type: 'email', value: 'zoë.node@example.org' };
  const data = Buffer.from(JSON.stringify({ name: 'Zoë Müller', tags: ['ä', 1.5, null] }));

  const subject = await vault('CreateSubject', {
    parent: PARENT, identifiers: [email], purpose, request_id: randomUUID() });
  const record = await vault('CreateRecord', {
    subject: { name: subject.name }, record: { category: 'account', data },
    purpose, request_id: randomUUID() });
  const read = await vault('GetRecord', { name: record.name, purpose });
  assert.deepEqual(read.data, data);
  assert.equal(read.version, 1);

  const found = await vault('LookupSubject', {
    identifier: { parent: PARENT, ...email }, purpose });
  assert.equal(found.name, subject.name);
  const list = await vault('ListRecords', { subject: { name: subject.name }, purpose });
  assert.deepEqual(list.records.map((one) => one.name), [record.name]);

  const erasure = await rights('EraseSubject', {
    subject: { name: subject.name }, ground: 'ERASURE_GROUND_CONSENT_WITHDRAWN',
    initiator: 'INITIATOR_DATA_SUBJECT', purpose, request_id: randomUUID() });
  assert.equal(erasure.records_shredded, '1');
  assert.equal(erasure.signature.length, 64);
  await expectRefusal(grpc.status.NOT_FOUND, vault('GetRecord', { name: record.name, purpose }));
  await expectRefusal(grpc.status.NOT_FOUND, vault('LookupSubject', {
    identifier: { parent: PARENT, ...email }, purpose }));
  await expectRefusal(grpc.status.PERMISSION_DENIED, vault('ListSubjects', {
    parent: 'tenants/other', purpose }));
  console.log('node: create, get, lookup, list and erase from reflection alone, over mutual TLS');
}

await main();
process.exit(0);  // Channels that stay open would keep the process.
