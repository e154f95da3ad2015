import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { waitUntil } from '@zkinfer/core/testing';
import { encodeCall, InferenceCoprocessor, inlineInputHash } from '@zkinfer/verifier-contracts';
import { TEST_IDENTITY, TEST_WORDS } from '@zkinfer/verifier-contracts/testing';
import { statusOf } from '../jobs/job-record.ts';
import { ServedMarket, type ServedProcess } from '../testing/served-market.ts';

let served: ServedMarket;
let running: ServedProcess | undefined;

before(async () => {
  served = await ServedMarket.start();
});
after(() => served?.stop());
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** A request with a URI of these bytes, whatever they are: the contract does not look. */
async function requestWithUri(bytes: Uint8Array): Promise<string> {
  const { owner, requester } = served.market.accounts;
  const coprocessor = served.market.coprocessor(requester);
  const inputHash = inlineInputHash(TEST_WORDS, TEST_IDENTITY.inputSpec);
  const placeholder = 'x'.repeat(bytes.length);
  const wish = await served.market.wish({ input: { inputHash, uri: placeholder } });
  const { requestId, terms, input, value } = await coprocessor.plan(
    wish,
    served.market.registry(owner),
  );
  const data = encodeCall(InferenceCoprocessor, 'requestInference', [terms, input]);
  const hex = (text: Uint8Array) => Buffer.from(text).toString('hex');
  const hostile = data.replace(hex(Buffer.from(placeholder)), hex(bytes));
  assert.notEqual(hostile, data);
  await (await requester.sendTransaction({ to: coprocessor.address, data: hostile, value })).wait();
  return requestId;
}

const HOSTILE_URIS: Record<string, Uint8Array> = {
  'that is no UTF-8': Buffer.from([0x68, 0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80]),
  'that is larger as JSON than a job may be': Buffer.from(
    `https://a.example/${'\u0001'.repeat(1_500)}`,
  ),
  'of more bytes than characters': Buffer.from(`https://a.example/${'\u{ffff}'.repeat(1_500)}`),
};

for (const [what, uri] of Object.entries(HOSTILE_URIS)) {
  test(`a request with a URI ${what} keeps no other from being served`, async () => {
    running = await served.serve();
    await requestWithUri(uri);
    await served.mine(3);
    const { requestId } = await served.request();
    await waitUntil(async () => {
      await served.mine();
      const job = await running!.job(requestId);
      return job !== undefined && job.outcome !== null;
    });
    assert.equal(statusOf((await running.job(requestId))!), 'done');
    const { problem } = await running.service.status();
    assert.equal(problem, null);
  });
}
