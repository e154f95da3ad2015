/**
 * Values in the kernels' memory as tests write and read them. What `kernels/field-source.mjs` says
 * of elements and cells is known here and nowhere else among the tests.
 */
import { BASE_FIELD_ORDER, invert, reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import type { GroupName } from '../curve/point-group.ts';
import { limbsOf } from '../engine/wasm/field-limbs.ts';
import type { KernelMemory } from '../engine/wasm/kernel-memory.ts';
import type { SlowPoint } from './slow-points.ts';

const P = BASE_FIELD_ORDER;
const R = SCALAR_FIELD_ORDER;

/** What elements are multiples of. */
export const MONTGOMERY = 1n << 255n;

/** Bytes of a cell, two elements. */
export const CELL_BYTES = 80;

/** The integers that the limbs of a cell's elements stand for, any representatives. */
export type Cell = readonly [bigint, bigint];

const ELEMENT_BYTES = 40;
const LIMBS = 5;
const INFINITY_BITS = 0x7ff0000000000000n;

/** Writes integers as a cell; limbs centred, the top one takes the rest. */
export function writeCell(memory: KernelMemory, address: number, cell: Cell): void {
  writeCellLimbs(memory, address, [limbsOf(cell[0]), limbsOf(cell[1])]);
}

/** Writes a cell by its limbs. */
export function writeCellLimbs(
  memory: KernelMemory,
  address: number,
  lanes: readonly (readonly bigint[])[],
): void {
  const doubles = memory.doubles(address, 2 * LIMBS);
  lanes.forEach((limbs, lane) => {
    limbs.forEach((limb, i) => {
      doubles[2 * i + lane] = Number(limb);
    });
  });
}

export function readCell(memory: KernelMemory, address: number): Cell {
  const lane = (n: number) => joinLimbs(limbsOfLane(memory, address, n));
  return [lane(0), lane(1)];
}

/** The limbs of one of a cell's elements. */
export function limbsOfLane(memory: KernelMemory, address: number, lane: number): number[] {
  const doubles = memory.doubles(address, 2 * LIMBS);
  return Array.from({ length: LIMBS }, (_, i) => doubles[2 * i + lane]!);
}

/** The integer that limbs stand for. */
export function joinLimbs(limbs: readonly number[]): bigint {
  return limbs.reduceRight((sum, limb) => (sum << 51n) + BigInt(limb), 0n);
}

/** Writes an integer as an element, 5 limbs in a row. */
export function writeInteger(memory: KernelMemory, address: number, value: bigint): void {
  memory.doubles(address, LIMBS).set(limbsOf(value).map(Number));
}

export function readInteger(memory: KernelMemory, address: number): bigint {
  return joinLimbs([...memory.doubles(address, LIMBS)]);
}

/** Writes residues of the scalar field as an array of cells; an even number of them. */
export function writeValues(memory: KernelMemory, address: number, values: readonly bigint[]) {
  const stored = values.map((value) => centred(value * MONTGOMERY, R));
  for (let i = 0; i < stored.length; i += 2) {
    writeCell(memory, address + (i / 2) * CELL_BYTES, [stored[i]!, stored[i + 1]!]);
  }
}

export function readValues(memory: KernelMemory, address: number, count: number): bigint[] {
  return Array.from({ length: count / 2 }, (_, i) =>
    readCell(memory, address + i * CELL_BYTES).map((value) => reduce(value * FROM_MONTGOMERY_R)),
  ).flat();
}

/** Writes a point; its coordinates may lie on no curve. */
export function writePoint(
  memory: KernelMemory,
  group: GroupName,
  address: number,
  point: SlowPoint,
): void {
  if (point === null) {
    memory.longs(address, 1)[0] = INFINITY_BITS;
    return;
  }
  const { x, y } = point;
  const coordinates = group === 'g1' ? [x.c0, y.c0] : [x.c0, x.c1, y.c0, y.c1];
  coordinates.forEach((coordinate, i) => {
    writeInteger(memory, address + ELEMENT_BYTES * i, centred(coordinate * MONTGOMERY, P));
  });
}

export function readPoint(memory: KernelMemory, group: GroupName, address: number): SlowPoint {
  if (memory.longs(address, 1)[0] === INFINITY_BITS) return null;
  const coordinate = (i: number) =>
    reduce(readInteger(memory, address + ELEMENT_BYTES * i) * FROM_MONTGOMERY_P, P);
  if (group === 'g1') {
    return { x: { c0: coordinate(0), c1: 0n }, y: { c0: coordinate(1), c1: 0n } };
  }
  return {
    x: { c0: coordinate(0), c1: coordinate(1) },
    y: { c0: coordinate(2), c1: coordinate(3) },
  };
}

const FROM_MONTGOMERY_R = invert(MONTGOMERY, R);
const FROM_MONTGOMERY_P = invert(MONTGOMERY, P);

/** The residue that is nearest 0. */
function centred(value: bigint, modulus: bigint): bigint {
  const residue = reduce(value, modulus);
  return 2n * residue > modulus ? residue - modulus : residue;
}
