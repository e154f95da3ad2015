/**
 * The accounts of anvil's and Hardhat's local chains: from a mnemonic that both publish. Whatever is
 * sent to them on a live chain is taken at once.
 */
import { InputError } from '@zkinfer/core';
import { HDNodeWallet } from 'ethers';

/** Source: anvil --help, --mnemonic. */
const MNEMONIC = 'test test test test test test test test test test test junk';

/** The only chain on which these accounts are offered: anvil's default. */
export const DEVELOPMENT_CHAIN_ID = 31337;

/** Accounts that anvil funds. */
export const DEVELOPMENT_ACCOUNTS = 10;

/** The wallet of an account, 0 to 9. @throws InputError CONTRACTS_DEVELOPMENT_ACCOUNT */
export function developmentWallet(index: number): HDNodeWallet {
  if (!Number.isInteger(index) || index < 0 || index >= DEVELOPMENT_ACCOUNTS) {
    throw new InputError({
      code: 'CONTRACTS_DEVELOPMENT_ACCOUNT',
      what: 'there is no such development account',
      got: String(index),
      expected: `0 to ${DEVELOPMENT_ACCOUNTS - 1}`,
    });
  }
  return HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`);
}
