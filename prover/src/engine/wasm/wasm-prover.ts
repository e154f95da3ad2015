/**
 * Groth16 proofs as snarkjs makes them (J. Groth, "On the size of pairing-based non-interactive arguments", 2016; snarkjs
 * `groth16_prove.js` for the bases of H): the same key, witness, r and s give the same proof.
 *
 *   A = α + Σ w_i·A_i + r·δ,  B = β + Σ w_i·B_i + s·δ (in G2, and in G1 for C),
 *   C = Σ w_i·C_i + Σ h_i·H_i + s·A + r·B − r·s·δ, h = a·b − c on the odd coset of the domain, c = a∘b on the domain.
 */
import { bn254 } from '@noble/curves/bn254.js';
import {
  BASE_FIELD_ORDER,
  type Progress,
  type ProofJson,
  power,
  SCALAR_FIELD_ORDER,
  type Witness,
  writeFieldBytes,
} from '@zkinfer/core';
import { decodePoint, G1_ENCODING } from '../../curve/point-encoding.ts';
import type { ProofRandomness } from '../engine.ts';
import { type DecodedKey, EXTRA_SCALARS } from './decoded-key.ts';
import { allocateValues, moveToOddCoset } from './evaluation-domain.ts';
import { ELEMENT_BYTES, limbsOf } from './field-limbs.ts';
import type { KernelMemory } from './kernel-memory.ts';
import type { KernelTask } from './kernel-message.ts';
import {
  finishSums,
  type KernelGroup,
  multiplyBases,
  type PendingSum,
  POINT_MEMORY_BYTES,
  type ScalarList,
  sortTerms,
} from './multi-scalar.ts';
import { splitRange } from './split-range.ts';
import { digitOffset, planUniform, planWitness } from './window-plan.ts';

const WORD_BYTES = 32;
const RECORD_BYTES = 40;

type G1 = InstanceType<typeof bn254.G1.Point>;
type G2 = InstanceType<typeof bn254.G2.Point>;

/** What a proof is made from, besides its key. */
export interface ProofInput {
  readonly witness: Witness;
  readonly randomness: ProofRandomness;
  /** δ in G1, as the key's file has it. */
  readonly delta1: Uint8Array;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/** The three points of a proof. All memory that held the witness or what follows from it is wiped, also when it fails. */
export async function proveInKernels(key: DecodedKey, input: ProofInput): Promise<ProofJson> {
  const { memory } = key.space;
  const mark = memory.mark();
  try {
    return await proveInScratch(key, input);
  } finally {
    memory.release(mark);
  }
}

async function proveInScratch(key: DecodedKey, input: ProofInput): Promise<ProofJson> {
  const { space } = key;
  const { progress, signal } = input;
  const stage = (name: string) => {
    signal?.throwIfAborted();
    progress.stage(name);
  };
  stage('evaluate');
  const scalars = writeScalars(key, input);
  const evaluation = await evaluateMatrices(key, scalars);
  stage('transform');
  await moveToOddCoset(space, key.domain, [evaluation.a, evaluation.b, evaluation.c]);
  const quotient = await quotientScalars(key, evaluation);
  stage('multiply');
  const sortedQuotient = sortTerms(space, quotient);
  await space.run(sortedQuotient.tasks);
  const ofWitness = (bases: DecodedKey['a']) =>
    evaluation.sorted.map((sorted) => multiplyBases(space, sorted, bases));
  const [a, b1, b2, c] = [key.a, key.b1, key.b2, key.c].map(ofWitness);
  c!.push(multiplyBases(space, sortedQuotient.sorted, key.h));
  await finishSums(space, [...b2!, ...a!, ...b1!, ...c!]);
  return assemble(key, input, {
    a: await readG1(key, a!),
    b1: await readG1(key, b1!),
    b2: await readG2(key, b2!),
    c: await readG1(key, c!),
  });
}

/** The witness, then r, s and 1. */
function writeScalars(key: DecodedKey, { witness, randomness }: ProofInput): number {
  const { memory } = key.space;
  const count = key.wires + EXTRA_SCALARS;
  const scalars = memory.allocate(count * WORD_BYTES);
  const bytes = memory.bytes(scalars, count * WORD_BYTES);
  bytes.set(witness.bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  [randomness.r, randomness.s, 1n].forEach((value, i) => {
    writeFieldBytes(view, (key.wires + i) * WORD_BYTES, value);
  });
  return scalars;
}

interface Evaluation {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly sorted: readonly ReturnType<typeof sortTerms>['sorted'][];
}

/** a, b and c = a∘b on the domain, and the witness's terms sorted for all multiplications that it takes part in. */
async function evaluateMatrices(key: DecodedKey, scalars: number): Promise<Evaluation> {
  const { space, domain, wires } = key;
  const { memory, threads } = space;
  const size = 2 ** domain.log2;
  const elements = memory.allocate(wires * ELEMENT_BYTES);
  const [a, b, c] = [0, 1, 2].map(() => allocateValues(memory, domain)) as [number, number, number];
  const histogram = memory.allocate(1024);
  const count = wires + EXTRA_SCALARS;
  await space.run([
    [['measureScalars', scalars, count, histogram]],
    ...splitRange(wires, 4 * threads).map(
      ([from, to]): KernelTask => [['convertWitness', scalars, elements, from, to]],
    ),
  ]);
  const { lists, split } = planLists(memory, scalars, count, memory.words(histogram, 256));
  const rows = (
    [from, to]: readonly [number, number],
    { starts, terms }: DecodedKey['rowsOfA'],
    out: number,
  ): KernelTask => [['evaluateRows', starts, terms, key.coefficients, elements, out, from, to]];
  const ranges = splitRange(size, 4 * threads, 2);
  await space.run([
    split,
    ...ranges.map((range) => rows(range, key.rowsOfA, a)),
    ...ranges.map((range) => rows(range, key.rowsOfB, b)),
  ]);
  const sorts = lists.map((list) => sortTerms(space, list));
  await space.run([
    ...sorts.flatMap(({ tasks }) => tasks),
    ...splitRange(size / 2, 4 * threads).map(
      ([from, to]): KernelTask => [['multiplyCells', c, a, b, from, to]],
    ),
  ]);
  return { a, b, c, sorted: sorts.map(({ sorted }) => sorted) };
}

/** Lists of small and of wide scalars, and the task that fills them. */
function planLists(
  memory: KernelMemory,
  scalars: number,
  count: number,
  histogram: Uint32Array,
): { lists: ScalarList[]; split: KernelTask } {
  const plan = planWitness(histogram);
  const small: ScalarList = {
    plan: plan.small,
    count: plan.smallCount,
    recordBytes: 8,
    numbers: memory.allocate(4 * plan.smallCount),
    records: memory.allocate(8 * plan.smallCount + 8),
  };
  const wide: ScalarList = {
    plan: plan.wide,
    count: plan.wideCount,
    recordBytes: RECORD_BYTES,
    numbers: memory.allocate(4 * plan.wideCount),
    records: memory.allocate(RECORD_BYTES * plan.wideCount + 8),
  };
  const wideOffset = memory.allocate(RECORD_BYTES);
  memory.longs(wideOffset, 5).set(wordsOf(digitOffset(plan.wide)));
  const smallOffset = BigInt.asIntN(64, digitOffset(plan.small));
  const split: KernelTask = [
    [
      'splitScalars',
      scalars,
      count,
      plan.smallBits,
      smallOffset,
      small.numbers,
      small.records,
      wideOffset,
      wide.numbers,
      wide.records,
    ],
  ];
  return { lists: [small, wide].filter((list) => list.count > 0), split };
}

function wordsOf(value: bigint): BigInt64Array {
  return BigInt64Array.from({ length: 5 }, (_, i) => BigInt.asIntN(64, value >> BigInt(64 * i)));
}

/** The scalars of the bases of H. */
async function quotientScalars(key: DecodedKey, { a, b, c }: Evaluation): Promise<ScalarList> {
  const { space, domain } = key;
  const { memory, threads } = space;
  const count = 2 ** domain.log2;
  const plan = planUniform(count);
  const records = memory.allocate(count * RECORD_BYTES + 8);
  const offset = memory.allocate(ELEMENT_BYTES);
  memory.longs(offset, 5).set(limbsOf(digitOffset(plan)));
  await space.run(
    splitRange(count / 2, 4 * threads).map(
      ([from, to]): KernelTask => [['quotientRecords', records, a, b, c, offset, from, to]],
    ),
  );
  return { plan, count, records, recordBytes: RECORD_BYTES, numbers: 0 };
}

interface Sums {
  readonly a: G1;
  readonly b1: G1;
  readonly b2: G2;
  readonly c: G1;
}

function assemble(
  _: DecodedKey,
  { randomness: { r, s }, delta1 }: ProofInput,
  sums: Sums,
): ProofJson {
  const delta = decodePoint(G1_ENCODING, delta1);
  const mask = delta === null ? bn254.G1.Point.ZERO : bn254.G1.Point.fromAffine(delta);
  const c = sums.c
    .add(scale(sums.a, s))
    .add(scale(sums.b1, r))
    .add(scale(mask, (r * s) % SCALAR_FIELD_ORDER).negate());
  return {
    pi_a: g1Json(sums.a),
    pi_b: g2Json(sums.b2),
    pi_c: g1Json(c),
    protocol: 'groth16',
    curve: 'bn128',
  };
}

function scale(point: G1, scalar: bigint): G1 {
  return point.multiplyUnsafe(scalar);
}

function g1Json(point: G1): ProofJson['pi_a'] {
  if (point.is0()) return ['0', '1', '0'];
  const { x, y } = point.toAffine();
  return [`${x}`, `${y}`, '1'];
}

function g2Json(point: G2): ProofJson['pi_b'] {
  if (point.is0()) {
    return [
      ['0', '0'],
      ['1', '0'],
      ['0', '0'],
    ];
  }
  const { x, y } = point.toAffine();
  return [
    [`${x.c0}`, `${x.c1}`],
    [`${y.c0}`, `${y.c1}`],
    ['1', '0'],
  ];
}

/** What the kernels write in place of x for infinity. */
const INFINITY_BITS = 0x7ff0000000000000n;

/** The stored coordinates of a sum are multiples of this. */
const MONTGOMERY_INVERSE = power(1n << 255n, BASE_FIELD_ORDER - 2n, BASE_FIELD_ORDER);

async function readG1(key: DecodedKey, sums: readonly PendingSum[]): Promise<G1> {
  let total = bn254.G1.Point.ZERO;
  for (const sum of sums) {
    const coordinates = coordinatesOf(key.space.memory, sum);
    if (coordinates === null) continue;
    const [x, y] = coordinates;
    total = total.add(bn254.G1.Point.fromAffine({ x: x!, y: y! }));
  }
  return total;
}

async function readG2(key: DecodedKey, sums: readonly PendingSum[]): Promise<G2> {
  let total = bn254.G2.Point.ZERO;
  for (const sum of sums) {
    const coordinates = coordinatesOf(key.space.memory, sum);
    if (coordinates === null) continue;
    const [x0, x1, y0, y1] = coordinates;
    const x = { c0: x0!, c1: x1! };
    total = total.add(bn254.G2.Point.fromAffine({ x, y: { c0: y0!, c1: y1! } }));
  }
  return total;
}

function coordinatesOf(memory: KernelMemory, { group, result }: PendingSum): bigint[] | null {
  if (memory.longs(result, 1)[0] === INFINITY_BITS) return null;
  const elements = POINT_MEMORY_BYTES[group as KernelGroup] / ELEMENT_BYTES;
  return Array.from({ length: elements }, (_, i) => {
    const limbs = memory.doubles(result + i * ELEMENT_BYTES, 5);
    const value = limbs.reduceRight((sum, limb) => (sum << 51n) + BigInt(limb), 0n);
    const residue = (value * MONTGOMERY_INVERSE) % BASE_FIELD_ORDER;
    return residue < 0n ? residue + BASE_FIELD_ORDER : residue;
  });
}
