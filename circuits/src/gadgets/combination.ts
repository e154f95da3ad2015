import type { Coefficient, LinearCombination } from '@zkinfer/core';

/** One term: wire and coefficient; a constant is a term on wire 0. */
export type Term = readonly [wire: number, coefficient: Coefficient];

/** The sum of a few terms: wires ascending, coefficients of the same wire added, zeros left out. */
export function combination(terms: readonly Term[]): LinearCombination {
  const sums = new Map<number, bigint>();
  for (const [wire, coefficient] of terms) {
    sums.set(wire, (sums.get(wire) ?? 0n) + BigInt(coefficient));
  }
  const wires = [...sums.keys()].filter((wire) => sums.get(wire) !== 0n).sort((a, b) => a - b);
  return { wires, coefficients: wires.map((wire) => compact(sums.get(wire)!)) };
}

/** The terms of a combination. */
export function termsOf({ wires, coefficients }: LinearCombination): Term[] {
  return Array.from(wires, (wire, i): Term => [wire, coefficients[i]!]);
}

/** factor · each term. */
export function scaled(terms: readonly Term[], factor: Coefficient): Term[] {
  return terms.map(([wire, coefficient]): Term => [wire, BigInt(coefficient) * BigInt(factor)]);
}

/** a · b without rounding: a number while the product is a safe integer. */
export function exactProduct(a: Coefficient, b: number): Coefficient {
  if (typeof a === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product;
  }
  return BigInt(a) * BigInt(b);
}

/** The single wire as a combination. */
export function single(wire: number): LinearCombination {
  return { wires: [wire], coefficients: [1] };
}

/** An integer as a coefficient: safe integers as numbers, which sinks handle faster. */
export function compact(value: bigint): Coefficient {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
