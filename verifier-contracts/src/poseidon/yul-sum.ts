/**
 * Yul expressions for sums of residues mod r that stay unreduced while they fit a word: 5·r < 2^256
 * (r ≈ 2^253.6), and MULMOD takes any word. How many times r a value can be is counted along;
 * ADDMOD comes in where a plain sum could be more than 5.
 */
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';

/** Yul for a value below `bound` · r. */
export interface Term {
  readonly code: string;
  readonly bound: number;
}

/** r times this fits a word of 256 bits. */
const MOST_FIELDS = Number((2n ** 256n - 1n) / SCALAR_FIELD_ORDER);

/** A literal in [0, r). */
export function literal(value: bigint): Term {
  return { code: hex(value), bound: 1 };
}

/** A variable that holds less than `bound` · r; `sum` of it fits if the bound does. */
export function variable(name: string, bound = 1): Term {
  return { code: name, bound };
}

/** factor · variable mod r; `r` is the variable that holds the modulus. */
export function product(factor: string, name: string): Term {
  return { code: `mulmod(${factor}, ${name}, r)`, bound: 1 };
}

/** The sum of one term or more, the last evaluated first: one value waits on the stack at a time. */
export function sum(terms: readonly Term[]): Term {
  return terms.reduceRight((rest, term) => {
    const bound = term.bound + rest.bound;
    if (bound <= MOST_FIELDS) return { code: `add(${term.code},\n${rest.code})`, bound };
    return { code: `addmod(${term.code},\n${rest.code}, r)`, bound: 1 };
  });
}

/** As a number of Solidity. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
