/**
 * Σ coefficient · base for each wire of a matrix, on kernel threads: see
 * `kernels/assembly/columns.ts`.
 */
import type { Coefficient } from '@zkinfer/core';
import type { KernelMemory } from '../engine/wasm/kernel-memory.ts';
import type { KernelTask } from '../engine/wasm/kernel-message.ts';
import type { KernelGroup } from '../engine/wasm/multi-scalar.ts';
import type { MatrixTerms } from './constraint-terms.ts';
import { DIGITS_BYTES, writeSignedDigits } from './signed-digits.ts';

const COLUMN_BYTES = 8;
const TERM_BYTES = 8;

/** A column costs about this many additions beyond its terms. */
const COLUMN_COST = 2;

/** Pieces of work for each thread, so that threads end together. */
const TASKS_PER_THREAD = 16;

/** Columns that advance together in the kernel. */
const BLOCK_COLUMNS = 1024;

/** Digits of coefficients in the kernels' memory. */
export interface DigitTable {
  readonly address: number;
  /** By number of the coefficient, the highest position of a digit. */
  readonly highest: Int32Array;
}

/** Regions for a matrix by columns, large enough for all matrices of a system. */
export interface ColumnRegions {
  readonly starts: number;
  readonly terms: number;
  readonly columns: number;
}

/** Bytes that `allocateColumns` and `writeDigitTable` take, at most. */
export function columnBytes(wires: number, mostTerms: number, coefficients: number): number {
  return (
    4 * (wires + 1) + TERM_BYTES * mostTerms + COLUMN_BYTES * wires + DIGITS_BYTES * coefficients
  );
}

/** Regions for matrices of so many wires and at most so many terms. */
export function allocateColumns(
  memory: KernelMemory,
  wires: number,
  mostTerms: number,
): ColumnRegions {
  return {
    starts: memory.allocate(4 * (wires + 1)),
    terms: memory.allocate(TERM_BYTES * mostTerms),
    columns: memory.allocate(COLUMN_BYTES * wires),
  };
}

/** Writes the digits of all coefficients. */
export function writeDigitTable(
  memory: KernelMemory,
  coefficients: readonly Coefficient[],
): DigitTable {
  const address = memory.allocate(DIGITS_BYTES * coefficients.length);
  const highest = Int32Array.from(coefficients, (coefficient, i) =>
    writeSignedDigits(memory.bytes(address + DIGITS_BYTES * i, DIGITS_BYTES), coefficient),
  );
  return { address, highest };
}

/** A matrix in the kernels' memory, and how its columns are shared out. */
export interface Columns {
  readonly regions: ColumnRegions;
  readonly digits: DigitTable;
  /** Ranges of the list of columns. */
  readonly pieces: readonly (readonly [number, number])[];
}

/** Writes a matrix by columns, in place of the one before. */
export function writeColumns(
  memory: KernelMemory,
  threads: number,
  regions: ColumnRegions,
  digits: DigitTable,
  wires: number,
  matrix: MatrixTerms,
): Columns {
  const starts = memory.words(regions.starts, wires + 1).fill(0);
  for (let i = 0; i < matrix.count; i++) starts[matrix.wires[i]! + 1]!++;
  for (let wire = 0; wire < wires; wire++) starts[wire + 1]! += starts[wire]!;
  const terms = memory.words(regions.terms, 2 * matrix.count);
  const highest = new Int32Array(wires).fill(-1);
  const next = starts.slice();
  for (let i = 0; i < matrix.count; i++) {
    const wire = matrix.wires[i]!;
    const coefficient = matrix.coefficients[i]!;
    const place = 2 * next[wire]!++;
    terms[place] = matrix.rows[i]!;
    terms[place + 1] = coefficient;
    highest[wire] = Math.max(highest[wire]!, digits.highest[coefficient]!);
  }
  const count = listColumns(memory, regions.columns, highest);
  const list = memory.words(regions.columns, 2 * count);
  return { regions, digits, pieces: sharePieces(list, starts, threads) };
}

/** Lists the columns that are not empty, highest position first; says how many. */
function listColumns(memory: KernelMemory, address: number, highest: Int32Array): number {
  const places = new Uint32Array(257);
  for (const position of highest) if (position >= 0) places[256 - position]!++;
  for (let i = 1; i < places.length; i++) places[i]! += places[i - 1]!;
  const count = places.at(-1)!;
  const list = memory.words(address, 2 * count);
  highest.forEach((position, wire) => {
    if (position < 0) return;
    const place = places[255 - position]!++;
    list[2 * place] = wire;
    list[2 * place + 1] = position;
  });
  return count;
}

/** Cuts the list into ranges of about equal cost; only the largest column is never cut. */
function sharePieces(
  list: Uint32Array,
  starts: Uint32Array,
  threads: number,
): (readonly [number, number])[] {
  const count = list.length / 2;
  const costOf = (i: number) => {
    const wire = list[2 * i]!;
    return starts[wire + 1]! - starts[wire]! + COLUMN_COST + list[2 * i + 1]!;
  };
  let total = 0;
  for (let i = 0; i < count; i++) total += costOf(i);
  const target = total / (threads * TASKS_PER_THREAD);
  const pieces: [number, number][] = [];
  let from = 0;
  let cost = 0;
  for (let i = 0; i < count; i++) {
    cost += costOf(i);
    const isLast = i === count - 1;
    if (!isLast && (cost < target || i + 1 - from < BLOCK_COLUMNS / 4)) continue;
    pieces.push([from, i + 1]);
    from = i + 1;
    cost = 0;
  }
  return pieces;
}

/** The tasks that add a matrix's columns to sums by wire; `bases` has a point for each row. */
export function columnTasks(
  { regions, digits, pieces }: Columns,
  group: KernelGroup,
  bases: number,
  sums: number,
): KernelTask[] {
  const { starts, terms, columns } = regions;
  return pieces.map(
    ([from, to]): KernelTask => [
      [`${group}SumColumns`, columns, from, to, starts, terms, digits.address, bases, sums],
    ],
  );
}
