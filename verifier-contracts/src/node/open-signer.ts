/** Who signs: an encrypted key file, a key in the environment, or a published test account. */
import { readFile } from 'node:fs/promises';
import { InputError } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import { isKeystoreJson, type Provider, type Signer, Wallet } from 'ethers';
import { DEVELOPMENT_CHAIN_ID, developmentWallet } from './development-accounts.ts';

/** A password, or who asks for it: asked once the key file was found to be one. */
export type Password = string | (() => Promise<string>);

/** Exactly one of them. */
export type SignerSource =
  | { readonly kind: 'keystore'; readonly path: string; readonly password: Password }
  | { readonly kind: 'private-key'; readonly privateKey: string }
  | { readonly kind: 'development'; readonly index: number };

/**
 * A signer on a chain. Send its transactions one by one.
 * @throws InputError CONTRACTS_KEYSTORE, CONTRACTS_KEYSTORE_PASSWORD, CONTRACTS_PRIVATE_KEY,
 *   CONTRACTS_DEVELOPMENT_ACCOUNT, and CONTRACTS_DEVELOPMENT_CHAIN for a development account on another chain than 31337
 */
export async function openSigner(source: SignerSource, provider: Provider): Promise<Signer> {
  const wallet = await walletOf(source, provider);
  // Nonces are the node's to say: the NonceManager of ethers counts transactions that were never sent.
  return wallet.connect(provider);
}

async function walletOf(source: SignerSource, provider: Provider) {
  if (source.kind === 'keystore') return keystoreWallet(source.path, source.password);
  if (source.kind === 'private-key') return privateKeyWallet(source.privateKey);
  const { chainId } = await provider.getNetwork();
  if (chainId === BigInt(DEVELOPMENT_CHAIN_ID)) return developmentWallet(source.index);
  throw new InputError({
    code: 'CONTRACTS_DEVELOPMENT_CHAIN',
    what: 'everybody knows the keys of the development accounts',
    got: `chain ${chainId}`,
    expected: `chain ${DEVELOPMENT_CHAIN_ID} alone`,
    hint: 'Use an encrypted key file, or a key in the environment.',
  });
}

async function keystoreWallet(path: string, password: Password) {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw readError(cause, path);
  });
  if (!isKeystoreJson(text)) {
    throw new InputError({
      code: 'CONTRACTS_KEYSTORE',
      what: `${path} is no encrypted key file`,
      expected: 'a keystore of version 3, as geth and cast write it',
    });
  }
  const secret = typeof password === 'string' ? password : await password();
  try {
    return await Wallet.fromEncryptedJson(text, secret);
  } catch {
    // The cause may quote what was tried.
    throw new InputError({
      code: 'CONTRACTS_KEYSTORE_PASSWORD',
      what: `${path} cannot be opened with this password`,
      hint: 'Another password, or a damaged file.',
    });
  }
}

function privateKeyWallet(privateKey: string): Wallet {
  try {
    return new Wallet(privateKey);
  } catch {
    throw new InputError({
      code: 'CONTRACTS_PRIVATE_KEY',
      what: 'this is no private key',
      expected: '0x and 64 hexadecimal digits',
    });
  }
}
