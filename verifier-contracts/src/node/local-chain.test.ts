import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { waitUntil } from '@zkinfer/core/testing';
import { JsonRpcProvider, parseEther } from 'ethers';
import { LocalChain } from './local-chain.ts';

let chain: LocalChain;
before(async () => {
  chain = await LocalChain.start({ timestamp: 1_800_000_000 });
});
after(() => chain.stop());

async function isReachable(url: string): Promise<boolean> {
  const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}';
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body }).then(
    () => true,
    () => false,
  );
}

test('ten accounts are funded on chain 31337, on loopback alone', async () => {
  assert.equal((await chain.provider.getNetwork()).chainId, 31337n);
  assert.match(chain.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  for (let i = 0; i < 10; i++) {
    const address = await chain.signer(i).getAddress();
    assert.ok((await chain.provider.getBalance(address)) >= parseEther('1000'), address);
  }
  assert.throws(() => chain.signer(10), { code: 'CONTRACTS_DEVELOPMENT_ACCOUNT' });
});

test('time begins and moves as told', async () => {
  assert.ok((await chain.now()) < 1_800_000_000 + 3600);
  const before = await chain.now();
  await chain.increaseTime(86_400);
  assert.ok((await chain.now()) >= before + 86_400);
  await chain.setTime(1_900_000_000);
  assert.equal(await chain.now(), 1_900_000_000);
});

test('two chains run side by side; a stopped one answers no more, and its folder is gone', async () => {
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'local-chain-test-'));
  process.env.TMPDIR = folder;
  const other = await LocalChain.start({ chainId: 5 });
  process.env.TMPDIR = TMPDIR ?? dirname(folder);
  assert.equal(readdirSync(folder).length, 1);
  assert.notEqual(other.url, chain.url);
  assert.equal((await other.provider.getNetwork()).chainId, 5n);
  await other.stop();
  await other.stop();
  await other.ended;
  assert.equal(await isReachable(other.url), false);
  assert.equal(await isReachable(chain.url), true);
  assert.deepEqual(readdirSync(folder), []);
  rmdirSync(folder);
});

test('a chain ends with the process that started it, even a killed one', async () => {
  const module = new URL('./local-chain.js', import.meta.url).href;
  const script =
    'const { LocalChain } = await import(process.argv[1]); ' +
    'console.log((await LocalChain.start()).url);';
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, module]);
  const url = await new Promise<string>((resolve) => {
    child.stdout.once('data', (part) => resolve(String(part).trim()));
  });
  assert.equal(await isReachable(url), true);
  child.kill('SIGKILL');
  await waitUntil(async () => !(await isReachable(url)));
});

test('a port that is taken, a missing program and a senseless option are told apart', async () => {
  const port = Number(new URL(chain.url).port);
  await assert.rejects(LocalChain.start({ port }), { code: 'CONTRACTS_LOCAL_CHAIN_FAILED' });
  const command = '/no/such/program';
  await assert.rejects(LocalChain.start({ command }), { code: 'CONTRACTS_LOCAL_CHAIN_FAILED' });
  await assert.rejects(LocalChain.start({ port: -1 }), { code: 'CONTRACTS_LOCAL_CHAIN_OPTION' });
});

test('a node that does not answer is an error of the environment', async () => {
  const { onChain } = await import('../errors/translate-error.ts');
  const provider = new JsonRpcProvider('http://127.0.0.1:9', 1, { staticNetwork: true });
  await assert.rejects(
    onChain(() => provider.getBlockNumber()),
    { code: 'CONTRACTS_RPC_UNREACHABLE' },
  );
  provider.destroy();
});
