import type { Circuit } from './compile-circuit.ts';

/** The block that a row of a circuit is in, and its place there. @param row below the circuit's rows */
export function rowName({ blocks }: Pick<Circuit, 'blocks'>, row: number): string {
  let first = 0;
  for (const block of blocks) {
    if (row < first + block.rows) return `${block.kind} ${block.name}, its row ${row - first}`;
    first += block.rows;
  }
  return 'no block';
}
