import { encryptKeystoreJsonSync, Wallet } from 'ethers';

/** Cheap to open, and to guess: for keys that protect nothing. */
const LOW_COST = { N: 2, r: 1, p: 1 };

/** An encrypted key file (keystore V3) for tests: opens in milliseconds. */
export function encryptTestKey(privateKey: string, password: string): string {
  return encryptKeystoreJsonSync(new Wallet(privateKey), password, { scrypt: LOW_COST });
}
