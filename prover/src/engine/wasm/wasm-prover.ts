/**
 * Groth16 proofs as snarkjs makes them (J. Groth, "On the size of pairing-based non-interactive arguments", 2016; snarkjs
 * `groth16_prove.js` for the bases of H): the same key, witness, r and s give the same proof.
 *
 *   A = α + Σ w_i·A_i + r·δ,  B = β + Σ w_i·B_i + s·δ (in G2, and in G1 for C),
 *   C = Σ w_i·C_i + Σ h_i·H_i + s·A + r·B − r·s·δ, h = a·b − c on the odd coset of the domain, c = a∘b on the domain.
 */
import type { bn254 } from '@noble/curves/bn254.js';
import { type Progress, type ProofJson, type Witness, writeFieldBytes } from '@zkinfer/core';
import type { ProofRandomness } from '../engine.ts';
import { blindingSums } from './blinding-sums.ts';
import { type DecodedKey, EXTRA_SCALARS } from './decoded-key.ts';
import { allocateValues, moveToOddCoset } from './evaluation-domain.ts';
import { ELEMENT_BYTES } from './field-limbs.ts';
import type { KernelTask } from './kernel-message.ts';
import { finishSums, multiplyBases, sortTerms } from './multi-scalar.ts';
import { readG1Sums, readG2Sums } from './read-sums.ts';
import { planLists, quotientScalars } from './scalar-lists.ts';
import { splitRange } from './split-range.ts';

const WORD_BYTES = 32;

type G1 = InstanceType<typeof bn254.G1.Point>;
type G2 = InstanceType<typeof bn254.G2.Point>;

/** What a proof is made from, besides its key. */
export interface ProofInput {
  readonly witness: Witness;
  readonly randomness: ProofRandomness;
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
  const quotient = await quotientScalars(space, 2 ** key.domain.log2, evaluation);
  stage('multiply');
  const sortedQuotient = sortTerms(space, quotient);
  await space.run(sortedQuotient.tasks);
  const ofWitness = (bases: DecodedKey['a']) =>
    evaluation.sorted.map((sorted) => multiplyBases(space, sorted, bases));
  const [a, b1, b2, c] = [key.a, key.b1, key.b2, key.c].map(ofWitness);
  c!.push(multiplyBases(space, sortedQuotient.sorted, key.h));
  await finishSums(space, [...b2!, ...a!, ...b1!, ...c!]);
  const blinding = await blindingSums(key, { a: a!, b1: b1! }, input.randomness);
  return {
    pi_a: g1Json(readG1Sums(space.memory, a!)),
    pi_b: g2Json(readG2Sums(space.memory, b2!)),
    pi_c: g1Json(readG1Sums(space.memory, [...c!, ...blinding])),
    protocol: 'groth16',
    curve: 'bn128',
  };
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
