import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { binder } from '@zkinfer/core';
import { Wallet } from 'ethers';
import { connectContract } from '../contract-artifact.ts';
import { deployContract } from '../deployment/deploy-contract.ts';
import { modelId, requestId } from '../encoding/ids.ts';
import { onChain } from '../errors/translate-error.ts';
import { IERC20Metadata } from '../generated/ierc20-metadata.ts';
import { CallbackStatus, Delivery, ModelState, RequestStatus } from '../generated/types.ts';
import { compileSolidity } from '../testing/compile-solidity.ts';
import { TEST_IDENTITY, TEST_PRICE, TEST_WORDS, TestMarket } from '../testing/test-market.ts';
import { NATIVE_TOKEN, tokenUnits } from './token-units.ts';

const TOKEN = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Token is ERC20("Token", "TKN") {
    constructor() { _mint(msg.sender, 1000); }
    function decimals() public pure override returns (uint8) { return 6; }
}`;

let market: TestMarket;
before(async () => {
  market = await TestMarket.start();
});
after(() => market?.chain.stop());

async function openRequest(): Promise<string> {
  const { requester, owner } = market.accounts;
  const coprocessor = market.coprocessor(requester);
  const plan = await coprocessor.plan(await market.wish(), market.registry(owner));
  await coprocessor.request(plan);
  return plan.requestId;
}

test('ids and binder computed here are those of the chain', async () => {
  const { owner, requester, worker } = market.accounts;
  const ownerAddress = await owner.getAddress();
  const requesterAddress = await requester.getAddress();
  assert.equal(modelId(ownerAddress, market.keyHash, TEST_IDENTITY), market.modelId);
  assert.notEqual(modelId(requesterAddress, market.keyHash, TEST_IDENTITY), market.modelId);
  const coprocessor = market.coprocessor(requester);
  const plan = await coprocessor.plan(await market.wish(), market.registry(owner));
  assert.equal(await coprocessor.requestIdOf(requesterAddress, plan.terms), plan.requestId);
  const origin = { chainId: 31337n, coprocessor: coprocessor.address, requester: ownerAddress };
  assert.notEqual(requestId(origin, plan.terms), plan.requestId);
  const terms = {
    requestId: plan.requestId,
    modelId: market.modelId,
    payee: await worker.getAddress(),
  };
  const here = await coprocessor.binder(terms);
  assert.equal(here, binder({ ...terms, chainId: 31337n, coprocessor: coprocessor.address }));
  await coprocessor.request(plan);
  assert.equal(await coprocessor.contract.binderOf(plan.requestId, terms.payee), here);
});

test('a registered model is read back as a plain object', async () => {
  const registry = market.registry(market.accounts.other);
  const model = await registry.model(market.modelId);
  assert.deepEqual(model.identity, TEST_IDENTITY);
  assert.equal(model.state, ModelState.Active);
  assert.equal(model.keyHash, market.keyHash);
  assert.equal(await registry.price(market.modelId), TEST_PRICE);
  assert.equal(await registry.find(TEST_IDENTITY.modelDigest, market.keyHash), market.modelId);
  await assert.rejects(registry.model(`0x${'ab'.repeat(32)}`), { code: 'CONTRACTS_MODEL_UNKNOWN' });
  await assert.rejects(registry.find(TEST_IDENTITY.modelDigest, `0x${'ab'.repeat(32)}`), {
    code: 'CONTRACTS_MODEL_NOT_REGISTERED',
  });
  await assert.rejects(registry.price(market.modelId, registry.address), {
    code: 'CONTRACTS_TOKEN_NOT_LISTED',
  });
});

test('one model is registered once by an owner; another owner makes its name ambiguous', async () => {
  const { owner, other } = market.accounts;
  const registration = {
    identity: { ...TEST_IDENTITY, modelDigest: `0x${'33'.repeat(32)}` },
    verificationKey: market.prover.key,
    prices: [{ token: `0x${'00'.repeat(20)}`, amount: 0n }],
  };
  const registry = market.registry(owner);
  const first = await registry.register(registration);
  await assert.rejects(registry.register(registration), { code: 'CONTRACTS_MODEL_EXISTS' });
  const second = await market.registry(other).register(registration);
  assert.notEqual(first.modelId, second.modelId);
  await assert.rejects(registry.find(registration.identity.modelDigest, market.keyHash), {
    code: 'CONTRACTS_MODEL_AMBIGUOUS',
  });
});

test('a request is fulfilled, its payee paid, its output readable', async () => {
  const { requester, worker, other } = market.accounts;
  const id = await openRequest();
  const coprocessor = market.coprocessor(worker);
  const open = await coprocessor.status(id);
  assert.equal(open.status, RequestStatus.Open);
  assert.equal(open.requester, await requester.getAddress());
  const requested = await coprocessor.requested(id);
  assert.deepEqual(requested?.args.inputWords, TEST_WORDS);
  assert.equal(requested?.args.terms.modelPrice, TEST_PRICE);

  const payee = await worker.getAddress();
  const delivered = await market.deliver(id, payee);
  const { events } = await market.coprocessor(other).fulfill(delivered);
  const fulfilled = events.find((event) => event.name === 'InferenceFulfilled');
  assert.equal(fulfilled?.args.requestId, id);
  const done = await coprocessor.status(id);
  assert.equal(done.status, RequestStatus.Fulfilled);
  assert.equal(done.callbackStatus, CallbackStatus.None);
  assert.equal(done.delivery, Delivery.Values);
  assert.equal(done.payee, payee);
  assert.deepEqual(await coprocessor.output(id), {
    outputHash: delivered.outputHash,
    outputWords: delivered.outputWords,
  });
  assert.equal(await coprocessor.balanceOf(payee), 10n ** 15n);
  await coprocessor.withdraw();
  assert.equal(await coprocessor.balanceOf(payee), 0n);
  await assert.rejects(coprocessor.withdraw(), { code: 'CONTRACTS_NOTHING_TO_WITHDRAW' });
  await assert.rejects(coprocessor.fulfill(delivered), {
    code: 'CONTRACTS_REQUEST_NOT_OPEN',
    got: `${id}: fulfilled`,
  });
});

test('a proof for another payee is refused, and says so', async () => {
  const { worker, other } = market.accounts;
  const id = await openRequest();
  const delivered = await market.deliver(id, await worker.getAddress());
  const stolen = { ...delivered, payee: await other.getAddress() };
  await assert.rejects(market.coprocessor(other).fulfill(stolen), {
    code: 'CONTRACTS_INVALID_PROOF',
  });
});

test('what the verifier says passes through the coprocessor', async () => {
  const { worker } = market.accounts;
  const id = await openRequest();
  const delivered = await market.deliver(id, await worker.getAddress());
  const [x, , z] = delivered.proof.pi_a;
  const proof = { ...delivered.proof, pi_a: [x, '5', z] as const };
  await assert.rejects(market.coprocessor(worker).fulfill({ ...delivered, proof }), {
    code: 'CONTRACTS_PROOF_POINT',
  });
});

test('of a batch the good items are fulfilled, and the others named', async () => {
  const { worker } = market.accounts;
  const payee = await worker.getAddress();
  const [first, second] = [await openRequest(), await openRequest()];
  const items = [
    await market.deliver(first, payee),
    { ...(await market.deliver(second, payee)), requestId: `0x${'cd'.repeat(32)}` },
  ];
  const { events } = await market.coprocessor(worker).fulfillBatch(items);
  const skipped = events.filter((event) => event.name === 'FulfilmentSkipped');
  assert.deepEqual(
    skipped.map(({ args }) => args.requestId),
    [`0x${'cd'.repeat(32)}`],
  );
  assert.equal((await market.coprocessor(worker).status(first)).status, RequestStatus.Fulfilled);
  await assert.rejects(market.coprocessor(worker).fulfillBatch([]), {
    code: 'CONTRACTS_BATCH_SIZE',
  });
});

test('a request in a token pulls price and fee; a model without that price is not asked', async () => {
  const { owner, requester } = market.accounts;
  const compiled = compileSolidity(TOKEN).Token!;
  const { address: token } = await deployContract(compiled, requester, []);
  const registry = market.registry(owner);
  const coprocessor = market.coprocessor(requester);
  await assert.rejects(coprocessor.plan(await market.wish({ token }), registry), {
    code: 'CONTRACTS_TOKEN_NOT_LISTED',
  });
  const { modelId: listed } = await registry.register({
    identity: { ...TEST_IDENTITY, modelDigest: `0x${'44'.repeat(32)}` },
    verificationKey: market.prover.key,
    prices: [{ token, amount: 5n }],
  });
  const wish = await market.wish({ modelId: listed, token, workerFee: 7n });
  const plan = await coprocessor.plan(wish, registry);
  assert.deepEqual([plan.value, plan.tokenAmount], [0n, 12n]);
  assert.deepEqual(await tokenUnits(token, requester), { symbol: 'TKN', decimals: 6 });
  await coprocessor.request(plan);
  const contract = connectContract(IERC20Metadata, token, requester);
  assert.equal(await contract.balanceOf(coprocessor.address), 12n);
  await assert.rejects(coprocessor.request(plan), { code: 'CONTRACTS_REQUEST_EXISTS' });
});

test('a request is refunded after its deadline, not before; then it cannot be fulfilled', async () => {
  const { requester, worker, other } = market.accounts;
  const id = await openRequest();
  const coprocessor = market.coprocessor(other);
  const delivered = await market.deliver(id, await worker.getAddress());
  await assert.rejects(coprocessor.refund(id), { code: 'CONTRACTS_NOT_REFUNDABLE' });
  await market.chain.setTime(Number(await coprocessor.effectiveDeadline(id)) + 1);
  await assert.rejects(coprocessor.fulfill(delivered), { code: 'CONTRACTS_DEADLINE_PASSED' });
  const owed = await coprocessor.balanceOf(await requester.getAddress());
  await coprocessor.refund(id);
  const after = await coprocessor.balanceOf(await requester.getAddress());
  assert.equal(after - owed, TEST_PRICE + 10n ** 15n);
  await assert.rejects(coprocessor.fulfill(delivered), { code: 'CONTRACTS_REQUEST_NOT_OPEN' });
});

test('senseless wishes are refused before anything is sent, or by the chain', async () => {
  const { requester, owner } = market.accounts;
  const coprocessor = market.coprocessor(requester);
  const registry = market.registry(owner);
  const planned = async (changes: object) => coprocessor.plan(await market.wish(changes), registry);
  await assert.rejects(planned({ input: { words: [1n, 2n] } }), { code: 'CONTRACTS_INPUT_WORDS' });
  await assert.rejects(planned({ input: { words: [-1n] } }), { code: 'CORE_FIELD_ELEMENT_RANGE' });
  const late = await planned({ deadline: 1n });
  await assert.rejects(coprocessor.request(late), { code: 'CONTRACTS_DEADLINE_RANGE' });
  const plan = await planned({});
  await assert.rejects(coprocessor.request({ ...plan, value: plan.value - 1n }), {
    code: 'CONTRACTS_PAYMENT_MISMATCH',
  });
  await assert.rejects(coprocessor.status(plan.requestId), { code: 'CONTRACTS_REQUEST_UNKNOWN' });
});

test('the verifier tells a wrong proof from a malformed one', async () => {
  const verifier = market.verifier(market.accounts.other);
  const signals = [1n, 2n, 3n];
  const proof = await market.prover.prove(signals);
  assert.equal(await verifier.verify(market.keyHash, proof, signals), true);
  assert.equal(await verifier.verify(market.keyHash, proof, [1n, 2n, 4n]), false);
  await assert.rejects(verifier.verify(market.keyHash, proof, [1n, 2n]), {
    code: 'CONTRACTS_SIGNAL_COUNT',
  });
  await assert.rejects(verifier.verify(`0x${'01'.repeat(32)}`, proof, signals), {
    code: 'CONTRACTS_UNKNOWN_KEY',
  });
  assert.equal(await verifier.hasKey(market.keyHash), true);
  assert.equal(await verifier.hasKey(`0x${'01'.repeat(32)}`), false);
});

test('an address without the contract, and a provider that cannot sign, are told apart', async () => {
  const { requester } = market.accounts;
  const { CoprocessorClient } = await import('./coprocessor-client.ts');
  const nowhere = new CoprocessorClient(await requester.getAddress(), requester);
  await assert.rejects(nowhere.status(market.modelId), { code: 'CONTRACTS_NO_CONTRACT' });
});

test('a token, and an address that is none, are told apart', async () => {
  const { requester } = market.accounts;
  const { address: registry } = market.registry(requester);
  for (const address of [await requester.getAddress(), registry]) {
    await assert.rejects(tokenUnits(address, requester), { code: 'CONTRACTS_NO_TOKEN' });
  }
  assert.deepEqual(await tokenUnits(NATIVE_TOKEN, requester), { symbol: 'ETH', decimals: 18 });
});

test('an account that cannot pay is named', async () => {
  const { owner } = market.accounts;
  const poor = new Wallet(`0x${'5e'.repeat(32)}`, market.chain.provider);
  const coprocessor = market.coprocessor(poor);
  const plan = await coprocessor.plan(await market.wish(), market.registry(owner));
  await assert.rejects(coprocessor.request(plan), {
    code: 'CONTRACTS_INSUFFICIENT_FUNDS',
    got: `account ${poor.address}`,
  });
});

test('of two transactions with one nonce the second is refused as such', async () => {
  const { chain, accounts } = market;
  const { other } = accounts;
  const to = await other.getAddress();
  const transfer = (nonce: number, value = 0n) =>
    onChain(() => other.sendTransaction({ to, nonce, value }));
  const nonce = await other.getNonce();
  await chain.provider.send('evm_setAutomine', [false]);
  try {
    await transfer(nonce);
    await assert.rejects(transfer(nonce, 1n), { code: 'CONTRACTS_NONCE' });
    assert.equal(await other.getNonce('pending'), nonce + 1, 'the next one is counted');
    await transfer(nonce + 1);
  } finally {
    await chain.provider.send('evm_setAutomine', [true]);
    await chain.provider.send('evm_mine', []);
  }
  await assert.rejects(transfer(nonce), { code: 'CONTRACTS_NONCE' });
});
