import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connectContract, deployContract } from '@zkinfer/verifier-contracts';
import { LocalChain } from '@zkinfer/verifier-contracts/node';
import { compileSolidity, encryptTestKey } from '@zkinfer/verifier-contracts/testing';
import {
  assertFails,
  exampleModel,
  runZkinfer,
  SCRIPT,
  startZkinfer,
  temporaryFolder,
  zkinferJson,
} from './testing/run-zkinfer.ts';

const folder = temporaryFolder();
const compiled = join(folder, 'iris');
const deployments = join(folder, 'deployments');
const input = join(exampleModel('iris-mlp'), 'virginica.json');

let dev: ChildProcess;
let url: string;
let modelId: string;

const chainOptions = () => ['--rpc', url, '--deployments', deployments];
const asAccount = (account: number) => [...chainOptions(), '--account', String(account)];

/** Starts `zkinfer dev` and waits for what it says. */
async function startDev(
  folderOfDeployments: string,
): Promise<{ child: ChildProcess; url: string }> {
  const options = ['--port', '0', '--deployments', folderOfDeployments, '--json'];
  const child = startZkinfer('dev', ...options);
  let said = '';
  return new Promise((resolve, reject) => {
    const listen = (part: string) => {
      said += part;
      if (!said.endsWith('}\n')) return;
      child.stdout.off('data', listen).resume();
      resolve({ child, url: JSON.parse(said).url });
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.on('close', () => reject(new Error(said)));
  });
}

before(async () => {
  const labels = ['--labels', 'setosa,versicolor,virginica'];
  await zkinferJson('compile', exampleModel('iris-mlp'), ...labels, '--out', compiled);
  await zkinferJson('setup', compiled, '--development');
  ({ child: dev, url } = await startDev(deployments));
});
after(() => {
  dev?.kill('SIGKILL');
});

/** An account that nobody funded. */
const PRIVATE_KEY = `0x${'5e'.repeat(32)}`;
const KEY_ADDRESS = '0xd8291E50E2e68fb2c70d77cCDc707D291a89f209';
const PASSWORD = 'correct horse';
const SECRETS = /horse|5e5e/;

/** A key file, and a file with its password. */
function writeKeystore(): { keystore: string; password: string } {
  const [keystore, password] = [join(folder, 'key.json'), join(folder, 'password')];
  writeFileSync(keystore, encryptTestKey(PRIVATE_KEY, PASSWORD));
  writeFileSync(password, `${PASSWORD}\n`);
  return { keystore, password };
}

/** Does something whose processes have these variables. */
async function withEnvironment(
  variables: Readonly<Record<string, string>>,
  action: () => Promise<void>,
): Promise<void> {
  Object.assign(process.env, variables);
  try {
    await action();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

/** Seconds of the local chain go by. */
async function passTime(seconds: number): Promise<void> {
  for (const [method, params] of [
    ['evm_increaseTime', [seconds]],
    ['evm_mine', []],
  ]) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }
}

function request(...more: string[]) {
  return zkinferJson(
    'request',
    compiled,
    '--input',
    input,
    '--fee',
    '0.001',
    ...more,
    ...asAccount(1),
  );
}

test('a model is registered once; its registration is what the directory holds', async () => {
  const registered = await zkinferJson('register', compiled, '--price', '0.01', ...asAccount(0));
  modelId = registered.modelId;
  assert.equal(registered.kind, 'development');
  const again = ['register', compiled, '--price', '0.01', ...asAccount(0)];
  await assertFails(2, 'CONTRACTS_MODEL_EXISTS', ...again);
  const audit = ['audit', compiled, '--allow-development', '--chain', '31337', ...chainOptions()];
  const { sound, findings } = await zkinferJson(...audit);
  assert.equal(sound, true);
  assert.ok(findings.length > 15, 'the chain was looked at too');
});

test('an audit finds that another key is registered than the directory’s', async () => {
  const other = join(folder, 'other-key');
  cpSync(compiled, other, { recursive: true });
  await zkinferJson('setup', other, '--development', '--force');
  const audit = ['audit', other, '--allow-development', '--chain', '--model-id', modelId];
  const { exitCode, stdout } = await runZkinfer(...audit, ...chainOptions(), '--json');
  assert.equal(exitCode, 1, stdout);
  const failed = JSON.parse(stdout).findings.filter(
    ({ outcome }: { outcome: string }) => outcome === 'failed',
  );
  assert.ok(failed.some(({ check }: { check: string }) => check.includes('registered key')));
  await assertFails(2, 'CONTRACTS_MODEL_NOT_REGISTERED', ...audit.slice(0, 4), ...chainOptions());
});

test('a request with its input on chain is fulfilled, paid and read', async () => {
  const dry = await request('--dry-run');
  assert.equal(dry.sent, false);
  assert.equal(dry.value, '11000000000000000');
  await assertFails(2, 'CONTRACTS_REQUEST_UNKNOWN', 'status', dry.requestId, ...chainOptions());
  const { requestId } = await request();
  const open = await zkinferJson('status', requestId, ...chainOptions());
  assert.equal(open.status, 'open');
  await assertFails(2, 'CONTRACTS_NOT_REFUNDABLE', 'refund', requestId, ...asAccount(3));
  const fulfilled = await zkinferJson('fulfill', requestId, compiled, ...asAccount(2));
  assert.equal(fulfilled.outputs[0].label, 'virginica');
  const done = await zkinferJson('status', requestId, '--model', compiled, ...chainOptions());
  assert.equal(done.status, 'fulfilled');
  assert.equal(done.payee, fulfilled.payee);
  assert.deepEqual(done.outputs, fulfilled.outputs);
  await assertFails(2, 'CLI_REQUEST_CLOSED', 'fulfill', requestId, compiled, ...asAccount(2));
  const paid = await zkinferJson('withdraw', ...asAccount(2));
  assert.equal(paid.amount, '1000000000000000');
  await assertFails(2, 'CONTRACTS_NOTHING_TO_WITHDRAW', 'withdraw', ...asAccount(2));
});

test('a salted input travels in its envelope, and no other opens the request', async () => {
  const uri = ['--input-uri', 'https://example.org/envelope.json', '--delivery', 'commitment'];
  const first = await request(...uri);
  const second = await request(...uri);
  assert.equal(statSync(first.envelope).mode & 0o777, 0o600);
  const fulfill = ['fulfill', first.requestId, compiled];
  await assertFails(2, 'CLI_REQUEST_INPUT', ...fulfill, ...asAccount(2));
  await assertFails(2, 'CLI_REQUEST_INPUT_HASH', ...fulfill, '--input', input, ...asAccount(2));
  const wrong = ['--envelope', second.envelope];
  await assertFails(2, 'CLI_REQUEST_INPUT_HASH', ...fulfill, ...wrong, ...asAccount(2));
  await zkinferJson(...fulfill, '--envelope', first.envelope, ...asAccount(2));
  const done = await zkinferJson('status', first.requestId, '--model', compiled, ...chainOptions());
  assert.equal(done.status, 'fulfilled');
  assert.equal(done.outputWords, undefined);
});

test('a late request is refunded to whom its terms name, and not fulfilled any more', async () => {
  const { requestId } = await request('--within', '10m');
  await passTime(8 * 86_400);
  await assertFails(2, 'CLI_REQUEST_LATE', 'fulfill', requestId, compiled, ...asAccount(2));
  const refunded = await zkinferJson('refund', requestId, ...asAccount(3));
  const status = await zkinferJson('status', requestId, ...chainOptions());
  assert.equal(status.status, 'refunded');
  assert.equal(refunded.refundAddress, status.requester);
  await assertFails(2, 'CONTRACTS_REQUEST_NOT_OPEN', 'refund', requestId, ...asAccount(3));
  assert.equal((await zkinferJson('withdraw', ...asAccount(1))).amount, '11000000000000000');
});

test('who signs is told from options or environment, and nobody signs for two', async () => {
  const withdraw = ['withdraw', ...chainOptions()];
  await assertFails(2, 'CLI_SIGNER', ...withdraw);
  const both = ['--keystore', 'key.json', '--account', '1'];
  await assertFails(2, 'CLI_SIGNER', ...withdraw, ...both);
});

test('an encrypted key file signs with its password, from a file or the environment', async () => {
  const { keystore, password } = writeKeystore();
  const withdraw = ['withdraw', ...chainOptions()];
  const files = ['--keystore', keystore, '--password-file', password];
  const signed = await assertFails(2, 'CONTRACTS_NOTHING_TO_WITHDRAW', ...withdraw, ...files);
  assert.ok(signed.stdout.includes(KEY_ADDRESS), 'the key file’s account');
  await withEnvironment({ ZKINFER_KEYSTORE: keystore, ZKINFER_PASSWORD: PASSWORD }, async () => {
    const { stdout } = await assertFails(2, 'CONTRACTS_NOTHING_TO_WITHDRAW', ...withdraw);
    assert.ok(stdout.includes(KEY_ADDRESS));
  });
  await withEnvironment({ ZKINFER_PASSWORD: `not ${PASSWORD}` }, async () => {
    const wrong = [...withdraw, '--keystore', keystore];
    const { stdout, stderr } = await assertFails(2, 'CONTRACTS_KEYSTORE_PASSWORD', ...wrong);
    assert.doesNotMatch(stdout + stderr, SECRETS);
  });
  assert.doesNotMatch(signed.stdout + signed.stderr, SECRETS);
  await assertFails(2, 'CLI_PASSWORD', ...withdraw, '--keystore', keystore);
  await assertFails(2, 'CONTRACTS_KEYSTORE', ...withdraw, '--keystore', input);
});

// `script` of other systems takes other options.
const noTerminal = process.platform === 'linux' ? false : 'needs `script` of util-linux';
test('a password typed on a terminal is not shown', { skip: noTerminal }, async () => {
  const { keystore } = writeKeystore();
  const args = ['withdraw', ...chainOptions(), '--keystore', keystore];
  const line = [process.execPath, SCRIPT, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    const wasAsked = shown.includes('Password of');
    shown += part;
    if (!wasAsked && shown.includes('Password of')) child.stdin.write(`${PASSWORD}\r`);
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(exitCode, 2, shown);
  assert.match(shown, /CONTRACTS_NOTHING_TO_WITHDRAW/);
  assert.ok(shown.includes(KEY_ADDRESS), 'it signed');
  assert.doesNotMatch(shown, SECRETS);
});

test('test accounts and development keys are refused on another chain', async () => {
  await using other = await LocalChain.start({ chainId: 4242 });
  const elsewhere = ['--rpc', other.url, '--deployments', deployments];
  const deploy = ['deploy', ...elsewhere];
  await assertFails(2, 'CONTRACTS_DEVELOPMENT_CHAIN', ...deploy, '--account', '0');
  await assertFails(2, 'CONTRACTS_WRONG_CHAIN', ...deploy, '--chain', '1', '--account', '0');
  // Everybody knows this key; in the environment it stands for a real one.
  const ZKINFER_PRIVATE_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
  await withEnvironment({ ZKINFER_PRIVATE_KEY }, async () => {
    await assertFails(2, 'CONTRACTS_NOT_DEPLOYED', 'withdraw', ...elsewhere);
    const { file } = await zkinferJson(...deploy);
    assert.ok(existsSync(file));
    await assertFails(2, 'CLI_DEPLOYED', ...deploy);
    const register = ['register', compiled, '--price', '0', ...elsewhere];
    await assertFails(2, 'CONTRACTS_DEVELOPMENT_MODEL', ...register);
  });
});

test('the contract for one model takes the calldata of its proofs, and no others', async () => {
  const path = join(folder, 'IrisVerifier.sol');
  const exported = ['export', compiled, '--solidity', path, '--contract-name'];
  await zkinferJson(...exported, 'IrisVerifier');
  const proof = join(folder, 'proof');
  await zkinferJson('prove', compiled, '--input', input, '--out', proof);
  const { calldata } = await zkinferJson('export', compiled, '--calldata', '--proof', proof);
  const [a, b, c, signals] = JSON.parse(`[${calldata}]`);
  const artifact = compileSolidity(readFileSync(path, 'utf8')).IrisVerifier!;
  await using chain = await LocalChain.start();
  const { address } = await deployContract(artifact, chain.signer(0), []);
  const contract = connectContract(artifact, address, chain.provider);
  const verify = contract.getFunction('verifyProof');
  assert.equal(await verify(a, b, c, signals), true);
  assert.equal(await verify(a, b, c, [signals[1], signals[0], signals[2]]), false);
  await assert.rejects(verify(c, [b[1], b[0]], a, signals));
  await assertFails(2, 'CONTRACTS_CONTRACT_NAME', ...exported, 'no name');
});

test('the chain ends with Ctrl-C, and its deployments file with it', async () => {
  mkdirSync(deployments, { recursive: true });
  const closed = new Promise((resolve) => dev.on('close', resolve));
  dev.kill('SIGINT');
  assert.equal(await closed, 0);
  assert.equal(existsSync(join(deployments, '31337.json')), false);
  const { exitCode } = await assertFails(
    3,
    'CONTRACTS_RPC_UNREACHABLE',
    'withdraw',
    ...asAccount(1),
  );
  assert.equal(exitCode, 3);
});

test('a chain that something else ends is an error, and its deployments file goes too', async () => {
  const { child } = await startDev(deployments);
  const closed = new Promise((resolve) => child.on('close', resolve));
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = processes
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const [guard] = rows.filter(([, parent]) => parent === child.pid);
  process.kill(guard![0]!, 'SIGTERM');
  assert.equal(await closed, 3);
  assert.equal(existsSync(join(deployments, '31337.json')), false);
});
