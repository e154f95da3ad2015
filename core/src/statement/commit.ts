/**
 * The commitment to packed inputs or outputs that proofs, contracts and clients share: a chain of
 * Poseidon calls over a header, the words and a salt.
 *
 *   header = kind + 2^8 · bits + 2^16 · count
 *   items: the words in order, then the salt
 *   first call: the header and up to 15 items
 *   further calls: the running digest and up to 15 items; the last has exactly those left, unpadded
 */
import { requireFieldElement } from '../field-element.ts';
import { poseidon } from '../poseidon.ts';
import { MAX_POSEIDON_INPUTS } from '../poseidon-parameters.ts';
import { type PackedLayout, requireWords } from './pack.ts';

/** What is committed to; part of the header, so that an input never opens as an output. */
export const COMMITMENT_KIND = { input: 1, output: 2 } as const;

/**
 * The header's parts: for several tensors the sum of their counts and the largest of their widths.
 */
export interface CommitmentHeader {
  /** One of `COMMITMENT_KIND`. */
  readonly kind: number;
  /** 1 to 253. */
  readonly bits: number;
  /** Number of elements, 1 to 2^48 − 1. */
  readonly count: number;
}

/**
 * One Poseidon call: it takes the header if `first`, else the digest so far, then the items
 * [fromItem, toItem).
 */
export interface CommitCall {
  readonly first: boolean;
  readonly fromItem: number;
  readonly toItem: number;
}

const ITEMS_PER_CALL = MAX_POSEIDON_INPUTS - 1;
const MOST_ELEMENTS = 2 ** 48 - 1;

/** The header of the tensors' commitment. @throws RangeError without tensors */
export function commitmentHeader(
  kind: number,
  layouts: readonly Pick<PackedLayout, 'bits' | 'count'>[],
): CommitmentHeader {
  if (layouts.length === 0) throw new RangeError('commitmentHeader: expected a tensor, got none');
  return {
    kind,
    bits: Math.max(...layouts.map(({ bits }) => bits)),
    count: layouts.reduce((sum, { count }) => sum + count, 0),
  };
}

/**
 * The header as the field element that is hashed.
 * @throws RangeError if a part does not fit its bits
 */
export function encodeCommitmentHeader({ kind, bits, count }: CommitmentHeader): bigint {
  const fits = (value: number, lowest: number, highest: number) =>
    Number.isSafeInteger(value) && value >= lowest && value <= highest;
  if (!fits(kind, 1, 2) || !fits(bits, 1, 253) || !fits(count, 1, MOST_ELEMENTS)) {
    throw new RangeError(
      `commitment header out of range: kind ${kind}, bits ${bits}, count ${count}`,
    );
  }
  return BigInt(kind) + (BigInt(bits) << 8n) + (BigInt(count) << 16n);
}

/** How `itemCount` items (words and salt) are shared among calls; circuits follow the same plan. */
export function commitCalls(itemCount: number): CommitCall[] {
  if (!Number.isSafeInteger(itemCount) || itemCount < 1) {
    throw new RangeError(`commitCalls: expected at least 1 item, got ${itemCount}`);
  }
  return Array.from({ length: Math.ceil(itemCount / ITEMS_PER_CALL) }, (_, call) => ({
    first: call === 0,
    fromItem: call * ITEMS_PER_CALL,
    toItem: Math.min((call + 1) * ITEMS_PER_CALL, itemCount),
  }));
}

/**
 * The commitment as the header of this file defines it. Whether the words fit the header is the
 * caller's business: see `commitTensors`.
 * @throws InputError CORE_FIELD_ELEMENT_RANGE naming the word, or the salt, that is not in [0, r)
 */
export function commit(header: CommitmentHeader, words: readonly bigint[], salt: bigint): bigint {
  words.forEach((word, i) => {
    requireFieldElement(word, `word ${i}`);
  });
  requireFieldElement(salt, 'the salt');
  const items = [...words, salt];
  return commitCalls(items.length).reduce(
    (running, { fromItem, toItem }) => poseidon([running, ...items.slice(fromItem, toItem)]),
    encodeCommitmentHeader(header),
  );
}

/**
 * The commitment to the words of a model's input or output tensors, which must be words that these
 * tensors pack to.
 * @throws InputError CORE_WORD_COUNT, CORE_WORD_RANGE, CORE_FIELD_ELEMENT_RANGE
 */
export function commitTensors(
  kind: number,
  layouts: readonly Pick<PackedLayout, 'bits' | 'count'>[],
  words: readonly bigint[],
  salt: bigint,
): bigint {
  requireWords(words, layouts);
  return commit(commitmentHeader(kind, layouts), words, salt);
}
