/**
 * The public input that ties a proof to one request and one payee, so that copying a proof earns
 * nothing. On chain it is
 *
 *   uint256(keccak256(abi.encode(
 *     BINDER_DOMAIN, chainId, coprocessor, requestId, modelId, payee))) >> 3
 *
 * with BINDER_DOMAIN = keccak256("zkinfer.binder.v1"). The shift leaves 253 bits: always below r.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { InputError } from '../errors.ts';

/** What a proof is bound to. Hexadecimal texts start with 0x; letters of either case. */
export interface BinderTerms {
  /** Chain id, 0 ≤ id < 2^256. */
  readonly chainId: bigint;
  /** Address of the coprocessor contract, 20 bytes. */
  readonly coprocessor: string;
  /** 32 bytes. */
  readonly requestId: string;
  /** 32 bytes. */
  readonly modelId: string;
  /** Address that is paid, 20 bytes. */
  readonly payee: string;
}

/** The binder of a proof that is bound to nothing. */
export const UNBOUND = 0n;

/** keccak256("zkinfer.binder.v1"), 32 bytes as 0x text. */
export const BINDER_DOMAIN = `0x${bytesToHex(keccak_256(utf8ToBytes('zkinfer.binder.v1')))}`;

/**
 * The binder of these terms, in [0, 2^253).
 * @throws InputError CORE_BINDER_TERM naming the term that is malformed
 */
export function binder(terms: BinderTerms): bigint {
  const encoded = concatBytes(
    hexWord(BINDER_DOMAIN, 32, 'domain'),
    uintWord(terms.chainId, 'chainId'),
    hexWord(terms.coprocessor, 20, 'coprocessor'),
    hexWord(terms.requestId, 32, 'requestId'),
    hexWord(terms.modelId, 32, 'modelId'),
    hexWord(terms.payee, 20, 'payee'),
  );
  return BigInt(`0x${bytesToHex(keccak_256(encoded))}`) >> 3n;
}

/** `abi.encode` of bytes32 or, left-padded with zeros, of an address. */
function hexWord(text: string, bytes: number, name: string): Uint8Array {
  if (!new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`).test(text)) {
    throw malformed(name, `0x and ${2 * bytes} hexadecimal digits`);
  }
  return hexToBytes(text.slice(2).padStart(64, '0'));
}

function uintWord(value: bigint, name: string): Uint8Array {
  if (value < 0n || value >> 256n !== 0n) throw malformed(name, 'an integer in [0, 2^256)');
  return hexToBytes(value.toString(16).padStart(64, '0'));
}

function malformed(name: string, expected: string): InputError {
  return new InputError({
    code: 'CORE_BINDER_TERM',
    what: `the binder's ${name} is malformed`,
    expected,
  });
}
