/** Who signs: an encrypted key file, a key in the environment, or a published test account. */
import { readFile } from 'node:fs/promises';
import { InputError } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import { type Provider, type Signer, Wallet } from 'ethers';
import { DEVELOPMENT_CHAIN_ID, developmentWallet } from './development-accounts.ts';

/** Exactly one of them. */
export type SignerSource =
  | { readonly kind: 'keystore'; readonly path: string; readonly password: string }
  | { readonly kind: 'private-key'; readonly privateKey: string }
  | { readonly kind: 'development'; readonly index: number };

/**
 * A signer on a chain. Send its transactions one by one.
 * @throws InputError CONTRACTS_KEYSTORE, CONTRACTS_PRIVATE_KEY, CONTRACTS_DEVELOPMENT_ACCOUNT, and
 *   CONTRACTS_DEVELOPMENT_CHAIN for a development account on another chain than 31337
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

async function keystoreWallet(path: string, password: string) {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw readError(cause, path);
  });
  try {
    return await Wallet.fromEncryptedJson(text, password);
  } catch {
    // The cause may quote what was tried.
    throw new InputError({
      code: 'CONTRACTS_KEYSTORE',
      what: `${path} cannot be opened`,
      expected: 'an encrypted key file (keystore V3) and its password',
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
