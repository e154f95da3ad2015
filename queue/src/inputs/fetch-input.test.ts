import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  COMMITMENT_KIND,
  commitTensors,
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  SCALAR_FIELD_ORDER,
} from '@zkinfer/core';
import { ENVELOPE_URI_PREFIX, inputLayouts } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { DirectoryBlobStore } from '../artifacts/directory-blob-store.ts';
import { handBack } from '../backend/handed-back.ts';
import { UrlFetcher } from '../fetch-url/url-fetcher.ts';
import { classifyError } from '../jobs/classify-error.ts';
import {
  type InferenceRequest,
  type InputReference,
  writeInferenceRequest,
} from '../jobs/inference-request.ts';
import { DEFAULT_STAGES } from '../jobs/stages.ts';
import { DESCRIBED_MODEL } from '../testing/described-model.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { envelopeFromReals } from './envelope-from-reals.ts';
import { EnvelopeShelf } from './envelope-shelf.ts';
import { fetchInputHandler } from './fetch-input.ts';
import { HostSlots } from './host-slots.ts';

const { modelDigest } = DESCRIBED_MODEL;
const folder = await mkdtemp(join(tmpdir(), 'zkinfer-fetch-'));
let serve: (response: ServerResponse) => void = (response) => response.end();
const server = createServer((_, response) => serve(response)).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const blobs = new DirectoryBlobStore(folder);
const shelf = await EnvelopeShelf.open({ store: new MemoryStore(), blobs });
const sources = {
  blobs,
  shelf,
  models: { get: async (digest: string) => (digest === modelDigest ? DESCRIBED_MODEL : undefined) },
  urls: new UrlFetcher({ allow: [origin], timeoutMs: 300 }),
};
const handler = fetchInputHandler(sources);

const reals = [[0, 1, 2, 3], Array.from({ length: 40 }, (_, i) => i)];
const envelope = envelopeFromReals(DESCRIBED_MODEL, reals, 123456789n);
const inline = envelopeFromReals(DESCRIBED_MODEL, reals, 0n);
const hashOf = ({ words, inputSalt }: Envelope) =>
  commitTensors(COMMITMENT_KIND.input, inputLayouts(DESCRIBED_MODEL), words, inputSalt);
const inputHash = hashOf(envelope);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const fromServer: InputReference = { kind: 'uri', uri: `${origin}/input.json` };

function requestOf(input: InputReference, expectedHash = inputHash): InferenceRequest {
  return {
    modelDigest,
    input,
    binder: '0',
    http: null,
    chain: {
      chainId: '31337',
      coprocessor: `0x${'1'.repeat(40)}`,
      requestId: `0x${'2'.repeat(64)}`,
      modelId: `0x${'3'.repeat(64)}`,
      payee: `0x${'4'.repeat(40)}`,
      inputHash: `${expectedHash}`,
      delivery: 'values',
      hasCallback: false,
    },
  };
}

const notHandedBack = () => assert.fail('there is room');

async function run(
  request: InferenceRequest,
  stage = handler,
  handBack: (delayMs: number) => never = notHandedBack,
  signal = new AbortController().signal,
) {
  const task = {
    jobId: 'r-1',
    stage: 'fetch',
    attempt: 1,
    fence: 1,
    deadlineMs: null,
    request: writeInferenceRequest(request),
    results: {},
  } as const;
  return (await stage(task, { signal, reportProgress() {}, handBack })).result;
}

/** The code and class of what a request comes to. */
async function failureOf(request: InferenceRequest): Promise<string> {
  const error = await run(request).then(
    () => assert.fail('it was accepted'),
    (cause: unknown) => cause,
  );
  assert.ok(!`${error}`.includes('123456789'), 'the salt is told');
  const { code, class: kind } = classifyError(error, DEFAULT_STAGES.fetch);
  return `${code} ${kind}`;
}

async function requireFetched(request: InferenceRequest, expected: Envelope): Promise<void> {
  const result = await run(request);
  assert.equal(result.inputHash, `${hashOf(expected)}`);
  const bytes = await blobs.get(result.envelope as string);
  assert.deepEqual(decodeEnvelope(new TextDecoder().decode(bytes)), expected);
}

test('behavior: inline words, blobs, stored envelopes and URIs come to an envelope', async () => {
  const words: InputReference = { kind: 'words', words: inline.words.map(String) };
  await requireFetched(requestOf(words, hashOf(inline)), inline);
  const sha256 = await blobs.put(bytesOf(encodeEnvelope(envelope)));
  await requireFetched(requestOf({ kind: 'blob', sha256 }), envelope);
  const uri = await shelf.keep(inputHash, envelope);
  await requireFetched(requestOf({ kind: 'uri', uri }), envelope);
  serve = (response) => response.end(encodeEnvelope(envelope));
  await requireFetched(requestOf(fromServer), envelope);
});

test('behavior: a URI may give the envelope in another layout; the blob is the same', async () => {
  serve = (response) => response.end(encodeEnvelope(envelope));
  const [first, second] = [
    await run(requestOf(fromServer)),
    await (async () => {
      const pretty = JSON.stringify(JSON.parse(encodeEnvelope(envelope)), null, 4);
      serve = (response) => response.end(pretty);
      return run(requestOf(fromServer));
    })(),
  ];
  assert.deepEqual(first, second);
});

test('behavior: without a chain the input is what it is', async () => {
  const sha256 = await blobs.put(bytesOf(encodeEnvelope(inline)));
  const http = { client: 'someone', webhook: null };
  const request = { ...requestOf({ kind: 'blob', sha256 }), chain: null, http };
  await requireFetched(request, inline);
});

test('error: an input of another hash, salt or model is fatal', async () => {
  const others: [Envelope, string][] = [
    [{ ...envelope, inputSalt: 5n }, 'QUEUE_INPUT_HASH fatal'],
    [
      envelopeFromReals(DESCRIBED_MODEL, [[1, 1, 1, 1], reals[1]], 123456789n),
      'QUEUE_INPUT_HASH fatal',
    ],
    [{ ...envelope, modelDigest: 'cd'.repeat(32) }, 'QUEUE_INPUT_MODEL fatal'],
    [{ ...envelope, words: envelope.words.slice(1) }, 'CORE_WORD_COUNT fatal'],
    [{ ...envelope, words: [...envelope.words, 0n] }, 'CORE_WORD_COUNT fatal'],
    [{ ...envelope, words: [1n << 16n, ...envelope.words.slice(1)] }, 'CORE_WORD_RANGE fatal'],
  ];
  for (const [other, failure] of others) {
    serve = (response) => response.end(encodeEnvelope(other));
    assert.equal(await failureOf(requestOf(fromServer)), failure);
    const sha256 = await blobs.put(bytesOf(encodeEnvelope(other)));
    assert.equal(await failureOf(requestOf({ kind: 'blob', sha256 })), failure);
  }
  const words = inline.words.map(String);
  assert.equal(await failureOf(requestOf({ kind: 'words', words })), 'QUEUE_INPUT_HASH fatal');
});

test('error: malformed envelopes are fatal', async () => {
  const text = encodeEnvelope(envelope);
  const texts = [
    '',
    'not json',
    '<html>',
    'null',
    '[]',
    text.slice(0, -2),
    text.replace('"version": 1', '"version": 2'),
    text.replace('"version": 1', '"version": 1, "extra": 1'),
    text.replace(`"${envelope.words[0]}"`, 'NaN'),
    text.replace(`"${envelope.words[0]}"`, '1e3'),
    text.replace(`"${envelope.words[0]}"`, `"${SCALAR_FIELD_ORDER}"`),
    text.replace(`"${envelope.words[0]}"`, '"-1"'),
  ];
  for (const body of texts) {
    assert.notEqual(body, text);
    serve = (response) => response.end(body);
    assert.equal(await failureOf(requestOf(fromServer)), 'QUEUE_INPUT_MALFORMED fatal', body);
  }
});

test('error: inline words that are no field elements are fatal', async () => {
  const words = [`${SCALAR_FIELD_ORDER}`, ...inline.words.slice(1).map(String)];
  const failure = await failureOf(requestOf({ kind: 'words', words }, hashOf(inline)));
  assert.equal(failure, 'CORE_FIELD_ELEMENT_RANGE fatal');
});

test('error: an input larger than its model’s is fatal, and not read to its end', async () => {
  let closed: Promise<unknown> | undefined;
  serve = (response) => {
    closed = once(response, 'close');
    const write = () => {
      while (!response.destroyed && response.write('9'.repeat(10_000)));
    };
    response.on('drain', write);
    write();
  };
  assert.equal(await failureOf(requestOf(fromServer)), 'QUEUE_URL_TOO_LARGE fatal');
  await closed;
});

test('error: a withheld or slow input may still come', async () => {
  serve = (response) => response.writeHead(404).end();
  assert.equal(await failureOf(requestOf(fromServer)), 'QUEUE_URL_STATUS retryable');
  serve = () => {};
  assert.equal(await failureOf(requestOf(fromServer)), 'QUEUE_URL_TIMEOUT retryable');
  serve = (response) => response.destroy();
  assert.equal(await failureOf(requestOf(fromServer)), 'QUEUE_URL_UNREACHABLE retryable');
  const uri = `${ENVELOPE_URI_PREFIX}12345`;
  assert.equal(await failureOf(requestOf({ kind: 'uri', uri })), 'QUEUE_INPUT_MISSING retryable');
});

test('error: private, redirected and foreign URIs are fatal', async () => {
  const uris = [
    'http://127.0.0.1:1/',
    'https://127.0.0.1:8443/',
    'https://[::ffff:169.254.169.254]/',
    'file:///etc/passwd',
    'ipfs://bafy',
    '../envelope',
    '',
  ];
  for (const uri of uris) {
    assert.equal(await failureOf(requestOf({ kind: 'uri', uri })), 'QUEUE_URL_REFUSED fatal', uri);
  }
  serve = (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
  assert.equal(await failureOf(requestOf(fromServer)), 'QUEUE_URL_REFUSED fatal');
});

test('error: a URI of a stored envelope that names no hash is fatal', async () => {
  for (const name of ['', 'x', '../1', '01', '-1', '1/2', '9'.repeat(2000)]) {
    const uri = `${ENVELOPE_URI_PREFIX}${name}`;
    const failure = await failureOf(requestOf({ kind: 'uri', uri }));
    assert.match(failure, /^CORE_FIELD_ELEMENT_(SYNTAX|RANGE) fatal$/, name);
  }
});

test('error: a stored envelope of another hash than its name is no way around the check', async () => {
  const uri = await shelf.keep(99n, envelope);
  assert.equal(await failureOf(requestOf({ kind: 'uri', uri }, 99n)), 'QUEUE_INPUT_HASH fatal');
});

test('error: unknown models and blobs are fatal', async () => {
  const sha256 = '0'.repeat(64);
  const blob = requestOf({ kind: 'blob', sha256 });
  assert.equal(await failureOf(blob), 'QUEUE_BLOB_UNKNOWN fatal');
  assert.equal(await failureOf({ ...blob, modelDigest: sha256 }), 'QUEUE_MODEL_UNKNOWN fatal');
});

test('error: the stage ends with its signal', async () => {
  const controller = new AbortController();
  const reason = new Error('cancelled');
  serve = () => controller.abort(reason);
  await assert.rejects(
    run(requestOf(fromServer), handler, notHandedBack, controller.signal),
    reason,
  );
});

test('a host that does not answer holds up neither other hosts nor inputs that are here', async () => {
  const answers: ServerResponse[] = [];
  serve = (response) => answers.push(response);
  const hosts = new HostSlots({ perHost: 2 });
  const held = fetchInputHandler({ ...sources, hosts });
  const waiting = [run(requestOf(fromServer), held), run(requestOf(fromServer), held)];
  const settled = Promise.allSettled(waiting);
  await waitUntil(() => answers.length === 2);
  await assert.rejects(run(requestOf(fromServer), held, handBack), /handed back for \d+ ms/);
  const words: InputReference = { kind: 'words', words: inline.words.map(String) };
  await run(requestOf(words, hashOf(inline)), held);
  for (const response of answers) response.end(encodeEnvelope(envelope));
  assert.deepEqual(
    (await settled).map(({ status }) => status),
    ['fulfilled', 'fulfilled'],
  );
  serve = (response) => response.end(encodeEnvelope(envelope));
  await run(requestOf(fromServer), held);
});
