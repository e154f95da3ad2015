import { getAddress, isAddress } from '@zkinfer/verifier-contracts';
import { InvalidArgumentError } from 'commander';

/**
 * Parses an option's address, 0x and 40 hexadecimal digits; the checksum counts if letters of both
 * cases are there. Apart from the other parsers: it needs ethers.
 */
export function addressOption(text: string): string {
  if (isAddress(text) && text.startsWith('0x')) return getAddress(text);
  throw new InvalidArgumentError('Expected an address: 0x and 40 hexadecimal digits.');
}
