import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ModelRegistry } from '../generated/model-registry.ts';
import { DeploymentsFile } from '../node/deployments-file.ts';
import { LocalChain } from '../node/local-chain.ts';
import { checkedCodeHash, requireCodeHash } from './code-check.ts';
import { deployAll } from './deploy-all.ts';
import {
  CONTRACT_NAMES,
  type Deployment,
  decodeDeployments,
  encodeDeployments,
  latestDeployment,
  type UnfinishedDeployment,
} from './deployment-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'deployments-'));
let chain: LocalChain;
let deployment: Deployment;
const states: UnfinishedDeployment[] = [];

before(async () => {
  chain = await LocalChain.start();
  const onStep = (state: UnfinishedDeployment) => states.push(state);
  deployment = await deployAll(chain.signer(0), { onStep });
});
after(async () => {
  await chain?.stop();
  rmSync(folder, { recursive: true });
});

test('every contract is on the chain with the code that was compiled', async () => {
  for (const name of CONTRACT_NAMES) {
    await requireCodeHash(chain.provider, deployment.contracts[name], name);
  }
  const { address } = deployment.contracts.InferenceCoprocessor;
  await assert.rejects(checkedCodeHash(chain.provider, address, ModelRegistry), {
    code: 'CONTRACTS_CODE_DIFFERS',
  });
  const nowhere = `0x${'77'.repeat(20)}`;
  await assert.rejects(checkedCodeHash(chain.provider, nowhere, ModelRegistry), {
    code: 'CONTRACTS_CODE_MISSING',
  });
});

test('an interrupted deployment goes on after any of its steps, and sends nothing twice', async () => {
  assert.equal(states.length, 2 * CONTRACT_NAMES.length);
  const signer = chain.signer(0);
  const nonce = await signer.getNonce();
  const again = await deployAll(signer, { unfinished: states.at(-1)! });
  assert.deepEqual(again, deployment);
  assert.equal(await signer.getNonce(), nonce);
  // The last contract was sent; whether it arrived was not noted.
  assert.deepEqual(await deployAll(signer, { unfinished: states.at(-2)! }), deployment);
  assert.equal(await signer.getNonce(), nonce);
  // The last was not sent: one transaction more.
  const resumed = await deployAll(signer, { unfinished: states.at(-3)! });
  assert.equal(await signer.getNonce(), nonce + 1);
  assert.deepEqual(resumed.contracts.ModelRegistry, deployment.contracts.ModelRegistry);
  assert.notEqual(
    resumed.contracts.InferenceCoprocessor.address,
    deployment.contracts.InferenceCoprocessor.address,
  );
});

test('a deployment is not resumed with other options, by another account, or on another chain', async () => {
  const unfinished = states.at(-3)!;
  const differs = { code: 'CONTRACTS_RESUME_DIFFERS' };
  await assert.rejects(deployAll(chain.signer(0), { unfinished, minDelaySeconds: 1n }), differs);
  await assert.rejects(deployAll(chain.signer(1), { unfinished }), differs);
  const outdated = { ...unfinished, zkinfer: '0.0.1' };
  await assert.rejects(deployAll(chain.signer(0), { unfinished: outdated }), differs);
  await using other = await LocalChain.start();
  await assert.rejects(deployAll(other.signer(0), { unfinished }), {
    code: 'CONTRACTS_CODE_MISSING',
  });
});

test('deployments are appended to their file, which is read back', async () => {
  const file = new DeploymentsFile(folder, 31337n);
  assert.deepEqual(await file.read(), { chainId: 31337n, deployments: [] });
  await file.putUnfinished(states[0]!);
  const begun = await file.read();
  assert.deepEqual(begun.unfinished, states[0]);
  assert.throws(() => latestDeployment(begun), { code: 'CONTRACTS_NOT_DEPLOYED' });
  await file.append(deployment);
  await file.append(deployment);
  const both = await file.read();
  assert.deepEqual(both, { chainId: 31337n, deployments: [deployment, deployment] });
  assert.deepEqual(latestDeployment(both), deployment);
});

test('a deployments file that is malformed or about another chain is refused', async () => {
  const text = encodeDeployments({ chainId: 5n, deployments: [deployment] });
  assert.deepEqual(decodeDeployments(text).deployments, [deployment]);
  const malformed = [
    text.slice(0, -20),
    text.replace('"version": 1', '"version": 2'),
    text.replace('"chainId": "5"', '"chainId": "05"'),
    text.replace('"Poseidon"', '"Pedersen"'),
    text.replace(deployment.contracts.Poseidon.address, '0x12'),
    text.replace(/,\s+"codeHash": "0x[0-9a-f]+"/, ''),
  ];
  for (const changed of malformed) {
    assert.notEqual(changed, text);
    assert.throws(() => decodeDeployments(changed), { code: /^CORE_JSON_/ });
  }
  writeFileSync(join(folder, '6.json'), text);
  await assert.rejects(new DeploymentsFile(folder, 6n).read(), {
    code: 'CONTRACTS_DEPLOYMENTS_CHAIN',
  });
});
