/**
 * Integers of a static range in field elements: each minus the range's lowest as an unsigned b-bit
 * integer, floor(253/b) to a word, the first in the lowest bits. Several tensors follow each other,
 * each starting a new word.
 */
import { InputError } from '../errors.ts';
import { requireFieldElement } from '../field-element.ts';

/** What is public about a tensor that is packed. */
export interface PackedLayout {
  /** The lowest integer of the static range. */
  readonly lo: number | bigint;
  /** Width of the static range, 1 to 253: elements lie in [lo, lo + 2^bits − 1]. */
  readonly bits: number;
  /** Number of elements, at least 1. */
  readonly count: number;
}

const WORD_BITS = 253;

/**
 * The width of the static range [lo, hi]: the bits of hi − lo, at least 1.
 * @throws RangeError if hi < lo
 */
export function rangeBits(lo: number | bigint, hi: number | bigint): number {
  const span = BigInt(hi) - BigInt(lo);
  if (span < 0n) throw new RangeError(`rangeBits: expected lo ≤ hi, got ${lo}, ${hi}`);
  return span.toString(2).length;
}

/** Elements of `bits` bits that one word holds. @throws RangeError unless 1 ≤ bits ≤ 253 */
export function elementsPerWord(bits: number): number {
  if (!Number.isInteger(bits) || bits < 1 || bits > WORD_BITS) {
    throw new RangeError(`elementsPerWord: expected 1 to ${WORD_BITS} bits, got ${bits}`);
  }
  return Math.floor(WORD_BITS / bits);
}

/** Words that the tensors fill together. */
export function wordCount(layouts: readonly Pick<PackedLayout, 'bits' | 'count'>[]): number {
  return layouts.reduce((sum, { bits, count }) => sum + wordsOf(count, bits), 0);
}

/**
 * The words of the tensors, `tensors[i]` the elements of `layouts[i]`.
 * @throws InputError CORE_PACK_COUNT if tensors or elements are more or fewer than declared,
 * CORE_PACK_RANGE naming the element that lies outside its range
 */
export function pack(
  tensors: readonly ArrayLike<number | bigint>[],
  layouts: readonly PackedLayout[],
): bigint[] {
  requireCount(tensors.length, layouts.length, 'tensors');
  return layouts.flatMap((layout, i) => packTensor(tensors[i]!, layout, i));
}

/**
 * The elements of each tensor, from words that have passed `requireWords`.
 * @throws InputError as `requireWords`
 */
export function unpack(words: readonly bigint[], layouts: readonly PackedLayout[]): bigint[][] {
  requireWords(words, layouts);
  let start = 0;
  return layouts.map((layout) => {
    const end = start + wordsOf(layout.count, layout.bits);
    const elements = unpackTensor(words.slice(start, end), layout);
    start = end;
    return elements;
  });
}

/**
 * Checks that words can have come from `pack`: as many as the layouts need, all below r, no bits
 * beyond the elements.
 * @throws InputError CORE_WORD_COUNT, CORE_FIELD_ELEMENT_RANGE, CORE_WORD_RANGE
 */
export function requireWords(
  words: readonly bigint[],
  layouts: readonly Pick<PackedLayout, 'bits' | 'count'>[],
): void {
  requireWordCount(words.length, wordCount(layouts));
  words.forEach((word, i) => {
    requireFieldElement(word, `word ${i}`);
  });
  let start = 0;
  for (const { bits, count } of layouts) {
    const perWord = elementsPerWord(bits);
    for (let first = 0; first < count; first += perWord) {
      requireWordBits(words[start]!, start, bits * Math.min(perWord, count - first));
      start++;
    }
  }
}

function wordsOf(count: number, bits: number): number {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`expected a tensor of at least 1 element, got ${count}`);
  }
  return Math.ceil(count / elementsPerWord(bits));
}

function packTensor(
  elements: ArrayLike<number | bigint>,
  { lo, bits, count }: PackedLayout,
  tensor: number,
): bigint[] {
  requireCount(elements.length, count, `elements of tensor ${tensor}`);
  const words = new Array<bigint>(wordsOf(count, bits)).fill(0n);
  const perWord = elementsPerWord(bits);
  const lowest = BigInt(lo);
  for (let i = 0; i < count; i++) {
    const digit = BigInt(elements[i]!) - lowest;
    if (digit < 0n || digit >> BigInt(bits) !== 0n) throw outOfRange(tensor, i, lowest, bits);
    words[Math.floor(i / perWord)]! |= digit << BigInt(bits * (i % perWord));
  }
  return words;
}

function unpackTensor(words: readonly bigint[], { lo, bits, count }: PackedLayout): bigint[] {
  const perWord = elementsPerWord(bits);
  const lowest = BigInt(lo);
  return Array.from({ length: count }, (_, i) => {
    const word = words[Math.floor(i / perWord)]!;
    return BigInt.asUintN(bits, word >> BigInt(bits * (i % perWord))) + lowest;
  });
}

function requireCount(got: number, expected: number, of: string): void {
  if (got === expected) return;
  throw new InputError({
    code: 'CORE_PACK_COUNT',
    what: `the number of ${of} is not the declared one`,
    got: `${got}`,
    expected: `${expected}`,
  });
}

function requireWordCount(got: number, expected: number): void {
  if (got === expected) return;
  throw new InputError({
    code: 'CORE_WORD_COUNT',
    what: "the number of words is not the model's",
    got: `${got}`,
    expected: `${expected}`,
  });
}

function requireWordBits(word: bigint, index: number, used: number): void {
  if (word >> BigInt(used) === 0n) return;
  throw new InputError({
    code: 'CORE_WORD_RANGE',
    what: `word ${index} has bits beyond its elements`,
    got: 'a word that no tensor packs to',
    expected: `an integer below 2^${used}`,
  });
}

function outOfRange(tensor: number, element: number, lo: bigint, bits: number): InputError {
  return new InputError({
    code: 'CORE_PACK_RANGE',
    what: `element ${element} of tensor ${tensor} is outside the tensor's range`,
    expected: `an integer from ${lo} to ${lo + (1n << BigInt(bits)) - 1n}`,
  });
}
