import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { JsonRpcApiProvider } from '@zkinfer/verifier-contracts';
import { developmentWallet, LocalChain, openProvider } from '@zkinfer/verifier-contracts/node';
import { GOOD, RpcProxy } from '../testing/rpc-proxy.ts';
import { EndpointSelector } from './endpoint-selector.ts';

const DOWN = { ...GOOD, refused: 1 };
const random = seededRandom(announceSeed());
const receiver = developmentWallet(2).address;
const wallet = developmentWallet(1);

let chain: LocalChain;
let proxies: RpcProxy[];
let providers: JsonRpcApiProvider[];
const clock = { now: 0 };

before(async () => {
  chain = await LocalChain.start();
  await chain.provider.send('anvil_mine', ['0x20']);
  proxies = [await RpcProxy.start(chain.url, random), await RpcProxy.start(chain.url, random)];
  providers = await Promise.all(proxies.map(({ url }) => openProvider(url)));
});
after(async () => {
  for (const provider of providers) provider.destroy();
  for (const proxy of proxies) await proxy.stop();
  await chain.stop();
});
beforeEach(() => {
  for (const proxy of proxies) proxy.faults = GOOD;
});

function select() {
  const chosen: number[] = [];
  const logger = {
    ...{ debug() {}, info() {}, error() {} },
    warn: (fields: object) => chosen.push((fields as { endpoint: number }).endpoint),
  };
  const options = { logger, now: () => clock.now, compareMs: 1_000 };
  return { chosen, node: new EndpointSelector(providers, 31337n, options) };
}

async function signed(nonce: number): Promise<string> {
  const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n };
  const call = { to: receiver, value: 1n, gasLimit: 21_000n };
  return wallet.signTransaction({ type: 2, chainId: 31337n, nonce, ...call, ...fees });
}

test('the first endpoint is asked while it answers; when it fails, another, which then stays', async () => {
  const { node, chosen } = select();
  const { number } = await node.head();
  proxies[0]!.faults = DOWN;
  assert.equal((await node.head()).number, number);
  proxies[0]!.faults = GOOD;
  proxies[1]!.faults = DOWN;
  assert.equal((await node.head()).number, number);
  assert.deepEqual(chosen, [1, 0]);
});

test('when all fail the error is an endpoint’s', async () => {
  const { node } = select();
  for (const proxy of proxies) proxy.faults = DOWN;
  await assert.rejects(node.head(), { code: 'CONTRACTS_RPC_FAILED' });
});

test('what a contract or an account answers is no reason to ask another', async () => {
  const { node, chosen } = select();
  const call = { to: receiver, data: '0x', value: 10n ** 30n };
  await assert.rejects(node.simulate(wallet.address, call), InputError);
  assert.deepEqual(chosen, []);
});

test('an endpoint that lags behind too far is left when heads are compared; a little is borne', async () => {
  const { node, chosen } = select();
  const { number } = await node.head();
  proxies[0]!.faults = { ...GOOD, stale: 1, lag: 3 };
  clock.now += 1_000;
  assert.equal((await node.head()).number, number - 3);
  proxies[0]!.faults = { ...GOOD, stale: 1, lag: 4 };
  assert.equal((await node.head()).number, number - 4, 'not compared so soon');
  clock.now += 1_000;
  assert.equal((await node.head()).number, number);
  assert.deepEqual(chosen, [1]);
});

test('a transaction goes to all endpoints, and the best answer counts', async () => {
  const { node } = select();
  proxies[0]!.faults = DOWN;
  assert.equal(await node.broadcast(await signed(0)), 'taken');
  proxies[0]!.faults = GOOD;
  proxies[1]!.faults = DOWN;
  assert.equal(await node.broadcast(await signed(0)), 'nonce-used');
  proxies[0]!.faults = DOWN;
  assert.equal(await node.broadcast(await signed(1)), 'unknown');
});

test('contracts are read through the endpoint that answers', async () => {
  const { node } = select();
  proxies[0]!.faults = DOWN;
  const balance = await node.ask((provider) =>
    provider.send('eth_getBalance', [receiver, 'latest']),
  );
  assert.ok(BigInt(balance) > 0n);
});
