import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LocalChain } from '@zkinfer/verifier-contracts/node';
import { chainFinding } from './chain-finding.ts';

let chain: LocalChain;
before(async () => {
  chain = await LocalChain.start();
});
after(() => chain.stop());

test('a chain that moves is described', async () => {
  const { subject, state, found } = await chainFinding(chain.url);
  assert.equal(subject, `chain at ${new URL(chain.url).host}`);
  assert.equal(state, 'ok');
  assert.match(found, /^31337, block \d+ .* ago, .* gwei, logs work$/);
});

test('a chain that stands still is noted', async () => {
  const past = await LocalChain.start({ timestamp: 1_700_000_000 });
  try {
    assert.equal((await chainFinding(past.url)).state, 'note');
  } finally {
    await past.stop();
  }
});

test('another chain than the configured one will not do', async () => {
  const { state, found } = await chainFinding(chain.url, 1n);
  assert.equal(state, 'missing');
  assert.match(found, /another chain/);
});

test('an endpoint that does not answer is missing, and the secret in its URL is not told', async () => {
  const finding = await chainFinding('http://127.0.0.1:9/v3/geheim');
  assert.equal(finding.state, 'missing');
  assert.ok(!JSON.stringify(finding).includes('geheim'));
});
