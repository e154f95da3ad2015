import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import type { Provider } from '@zkinfer/verifier-contracts';
import { developmentWallet } from '@zkinfer/verifier-contracts/node';
import { openServiceSigner, type ServiceSignerSource } from './open-service-signer.ts';

const wallet = developmentWallet(4);
const secret = wallet.privateKey.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'zkinfer-signer-'));
after(() => rm(folder, { recursive: true }));

/** Never asked: opening a key needs no chain. */
const provider = {} as Provider;

const ENVIRONMENT: ServiceSignerSource = { kind: 'environment', variable: 'KEY' };

test('a key comes from the environment, and is not shown by what is made of it', async () => {
  const signer = await openServiceSigner(ENVIRONMENT, provider, { KEY: wallet.privateKey });
  assert.equal(await signer.getAddress(), wallet.address);
  assert.ok(!inspect(signer, { depth: 9, showHidden: true }).includes(secret));
  assert.ok(!JSON.stringify(signer).includes(secret));
});

test('a key comes from an encrypted file with the password of the environment', async () => {
  const path = join(folder, 'key.json');
  await writeFile(path, await wallet.encrypt('right'));
  const source = { kind: 'keystore', path, passwordVariable: 'PASSWORD' } as const;
  const signer = await openServiceSigner(source, provider, { PASSWORD: 'right' });
  assert.equal(await signer.getAddress(), wallet.address);
  const wrong = openServiceSigner(source, provider, { PASSWORD: 'wrong-password' });
  await assert.rejects(wrong, (error: Error & { code: string }) => {
    assert.equal(error.code, 'CONTRACTS_KEYSTORE_PASSWORD');
    return !inspect(error, { depth: 9 }).includes('wrong-password');
  });
});

test('the password may stand on the line of a file', async () => {
  const path = join(folder, 'other-key.json');
  const passwordFile = join(folder, 'password');
  await writeFile(path, await wallet.encrypt('right'));
  await writeFile(passwordFile, 'right\n');
  const source = { kind: 'keystore', path, passwordFile } as const;
  assert.equal(await (await openServiceSigner(source, provider)).getAddress(), wallet.address);
  const missing = { ...source, passwordFile: join(folder, 'none') };
  await assert.rejects(openServiceSigner(missing, provider), { code: 'CORE_FILE_MISSING' });
});

test('a variable that is not set, or holds no key, is refused without being quoted', async () => {
  const missing = openServiceSigner(ENVIRONMENT, provider, {});
  await assert.rejects(missing, { code: 'QUEUE_SIGNER_VARIABLE' });
  const broken = openServiceSigner(ENVIRONMENT, provider, { KEY: `${secret}00` });
  await assert.rejects(broken, (error: Error & { code: string }) => {
    assert.equal(error.code, 'CONTRACTS_PRIVATE_KEY');
    return !inspect(error, { depth: 9 }).includes(secret);
  });
});
