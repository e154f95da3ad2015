import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { JsonRpcProvider, Wallet } from 'ethers';
import { encryptTestKey } from '../testing/encrypt-test-key.ts';
import { openSigner } from './open-signer.ts';

const PRIVATE_KEY = `0x${'5e'.repeat(32)}`;
const PASSWORD = 'correct horse';
const { address } = new Wallet(PRIVATE_KEY);

const folder = mkdtempSync(join(tmpdir(), 'zkinfer-signer-'));
const path = join(folder, 'key.json');
writeFileSync(path, encryptTestKey(PRIVATE_KEY, PASSWORD));
const provider = new JsonRpcProvider('http://127.0.0.1:1', 4242n, { staticNetwork: true });
after(() => {
  provider.destroy();
  rmSync(folder, { recursive: true });
});

/** The error's whole inside, causes included, as a debugger or log would show it. */
async function failureOf(opening: Promise<unknown>): Promise<{ code: unknown; said: string }> {
  const error = await opening.then(
    () => assert.fail('it was opened'),
    (cause: unknown) => cause,
  );
  return { code: (error as { code: unknown }).code, said: inspect(error, { depth: 10 }) };
}

test('an encrypted key file opens with its password, given or asked for', async () => {
  for (const password of [PASSWORD, async () => PASSWORD]) {
    const signer = await openSigner({ kind: 'keystore', path, password }, provider);
    assert.equal(await signer.getAddress(), address);
    assert.equal(signer.provider, provider);
  }
});

test('it does not open with another password, and the error tells nothing of either', async () => {
  for (const password of ['incorrect donkey', '', `${PASSWORD}\n`]) {
    const { code, said } = await failureOf(
      openSigner({ kind: 'keystore', path, password }, provider),
    );
    assert.equal(code, 'CONTRACTS_KEYSTORE_PASSWORD');
    assert.doesNotMatch(said, /donkey|horse|5e5e/);
  }
});

test('nobody is asked for the password of a file that is missing or no key file', async () => {
  const password = () => assert.fail('asked');
  const missing = join(folder, 'none.json');
  await assert.rejects(openSigner({ kind: 'keystore', path: missing, password }, provider), {
    code: 'CORE_FILE_MISSING',
  });
  const other = join(folder, 'other.json');
  for (const text of ['{}', 'key', JSON.stringify({ version: 2 })]) {
    writeFileSync(other, text);
    await assert.rejects(openSigner({ kind: 'keystore', path: other, password }, provider), {
      code: 'CONTRACTS_KEYSTORE',
    });
  }
});

test('a damaged key file does not open', async () => {
  const keystore = JSON.parse(encryptTestKey(PRIVATE_KEY, PASSWORD));
  const damaged = join(folder, 'damaged.json');
  const crypto = { ...keystore.Crypto, ciphertext: '00'.repeat(32) };
  writeFileSync(damaged, JSON.stringify({ ...keystore, Crypto: crypto }));
  const source = { kind: 'keystore', path: damaged, password: PASSWORD } as const;
  const { code } = await failureOf(openSigner(source, provider));
  assert.equal(code, 'CONTRACTS_KEYSTORE_PASSWORD');
});

test('a private key is taken as it is, and not quoted when it is none', async () => {
  const signer = await openSigner({ kind: 'private-key', privateKey: PRIVATE_KEY }, provider);
  assert.equal(await signer.getAddress(), address);
  for (const privateKey of [`${PRIVATE_KEY}5e`, PRIVATE_KEY.slice(0, -1), 'horse', '']) {
    const { code, said } = await failureOf(
      openSigner({ kind: 'private-key', privateKey }, provider),
    );
    assert.equal(code, 'CONTRACTS_PRIVATE_KEY');
    assert.doesNotMatch(said, /5e5e|horse/);
  }
});

test('published accounts sign on no other chain than the local one', async () => {
  const local = new JsonRpcProvider('http://127.0.0.1:1', 31337n, { staticNetwork: true });
  try {
    const signer = await openSigner({ kind: 'development', index: 0 }, local);
    assert.equal(await signer.getAddress(), '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
    await assert.rejects(openSigner({ kind: 'development', index: 10 }, local), {
      code: 'CONTRACTS_DEVELOPMENT_ACCOUNT',
    });
  } finally {
    local.destroy();
  }
  await assert.rejects(openSigner({ kind: 'development', index: 0 }, provider), {
    code: 'CONTRACTS_DEVELOPMENT_CHAIN',
  });
});
