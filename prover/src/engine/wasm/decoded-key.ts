/** A proving key in the form that kernels read, in a memory of its own. */
import { type Progress, readFieldBytes, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { COEFFICIENT_BYTES, type ProvingKeyFile, ZKEY_SECTION } from '../../formats/zkey-file.ts';
import { createEvaluationDomain, type EvaluationDomain } from './evaluation-domain.ts';
import { ELEMENT_BYTES } from './field-limbs.ts';
import type { KernelTask } from './kernel-message.ts';
import { abortable, type KernelPool, type KernelSpace } from './kernel-pool.ts';
import { type Bases, type KernelGroup, POINT_MEMORY_BYTES } from './multi-scalar.ts';
import { proofMemoryBytes, requireProofMemory } from './proof-memory.ts';
import { splitRange } from './split-range.ts';

/** Scalars that the bases take behind the witness: r, s and 1, for the points of the header. */
export const EXTRA_SCALARS = 3;

/** A matrix by rows: see `evaluateRows` in `kernels/assembly/rows.ts`. */
export interface MatrixRows {
  readonly starts: number;
  readonly terms: number;
}

/** What a proof needs of a key. */
export interface DecodedKey {
  readonly space: KernelSpace;
  readonly wires: number;
  readonly publicSignals: number;
  readonly domain: EvaluationDomain;
  readonly a: Bases;
  readonly b1: Bases;
  readonly b2: Bases;
  readonly c: Bases;
  readonly h: Bases;
  readonly rowsOfA: MatrixRows;
  readonly rowsOfB: MatrixRows;
  readonly coefficients: number;
}

/** Places of points that are infinity. */
export const NO_POINT = 0xffffffff;

/** Bytes of a point in the file. */
const FILE_POINT_BYTES: Readonly<Record<KernelGroup, number>> = { g1: 64, g2: 128 };

/** How a key is decoded. */
export interface DecodeOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/**
 * Decodes a key once for all proofs under it, in memory that holds them too.
 * @throws EnvironmentError PROVER_MEMORY_EXHAUSTED before any work; PROVER_WORKER_FAILED, PROVER_ENGINE_CLOSED; the signal's
 *   reason when aborted
 */
export async function decodeKey(
  pool: KernelPool,
  file: ProvingKeyFile,
  options: DecodeOptions,
): Promise<DecodedKey> {
  requireProofMemory(file);
  const space = pool.openSpace(proofMemoryBytes(file));
  try {
    options.progress.stage('decode the key', DECODED_PARTS);
    return {
      ...(await decodeInto(abortable(space, options.signal), file, options.progress)),
      space,
    };
  } catch (error) {
    space.close();
    throw error;
  }
}

/** Five lists of points, the coefficients, the domain's tables. */
const DECODED_PARTS = 7;

async function decodeInto(
  space: KernelSpace,
  file: ProvingKeyFile,
  progress: Progress,
): Promise<DecodedKey> {
  const { header, container } = file;
  const { wires, publicSignals, domainSize, alpha1, beta1, beta2, delta1, delta2 } = header;
  const section = (id: number) => container.section(id, 'points');
  const none1 = new Uint8Array(FILE_POINT_BYTES.g1);
  const none2 = new Uint8Array(FILE_POINT_BYTES.g2);
  const ofPublic = new Uint8Array((publicSignals + 1) * FILE_POINT_BYTES.g1);
  let parts = 0;
  const counted = async <T>(part: Promise<T>): Promise<T> => {
    const result = await part;
    progress.advance(++parts);
    return result;
  };
  const g1 = (...parts: Uint8Array[]) => counted(decodeBases(space, 'g1', parts));
  const g2 = (...parts: Uint8Array[]) => counted(decodeBases(space, 'g2', parts));
  const a = await g1(section(ZKEY_SECTION.a), delta1, none1, alpha1);
  const b1 = await g1(section(ZKEY_SECTION.b1), none1, delta1, beta1);
  const c = await g1(ofPublic, section(ZKEY_SECTION.c), none1, none1, none1);
  const h = await g1(section(ZKEY_SECTION.h));
  const b2 = await g2(section(ZKEY_SECTION.b2), none2, delta2, beta2);
  const matrices = await counted(decodeCoefficients(space, file));
  const domain = await counted(createEvaluationDomain(space, Math.log2(domainSize)));
  return { space, wires, publicSignals, domain, a, b1, b2, c, h, ...matrices };
}

/** Points of several pieces of a file behind each other; those at infinity are left out. */
async function decodeBases(
  space: KernelSpace,
  group: KernelGroup,
  parts: readonly Uint8Array[],
): Promise<Bases> {
  const { memory } = space;
  const fileBytes = FILE_POINT_BYTES[group];
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const count = total / fileBytes;
  const index = memory.allocate(4 * count);
  const mark = memory.mark();
  const points = memory.allocate(count * POINT_MEMORY_BYTES[group]);
  const raw = memory.allocate(total);
  let at = raw;
  for (const part of parts) {
    memory.bytes(at, part.length).set(part);
    at += part.length;
  }
  const kept = indexPoints(memory.words(raw, total / 4), fileBytes / 4, memory.words(index, count));
  await space.run(
    splitRange(count, 4 * space.threads).map(
      ([from, to]): KernelTask => [[`${group}DecodePoints`, raw, index, points, from, to]],
    ),
  );
  memory.retract(mark, points + kept * POINT_MEMORY_BYTES[group]);
  return { group, points, index };
}

/** Numbers the points that are not all zero; returns how many there are. */
function indexPoints(raw: Uint32Array, pointWords: number, index: Uint32Array): number {
  let kept = 0;
  for (let i = 0; i < index.length; i++) {
    let at = i * pointWords;
    const end = at + pointWords;
    while (at < end && raw[at] === 0) at++;
    index[i] = at === end ? NO_POINT : kept++;
  }
  return kept;
}

/** The two forms, doubly in Montgomery form, of coefficients that need no multiplication: 1 and −1. */
const ONE = 2n ** 512n % SCALAR_FIELD_ORDER;
const MINUS_ONE = SCALAR_FIELD_ORDER - ONE;

async function decodeCoefficients(
  space: KernelSpace,
  { header, container, coefficientCount }: ProvingKeyFile,
): Promise<Pick<DecodedKey, 'rowsOfA' | 'rowsOfB' | 'coefficients'>> {
  const { memory } = space;
  const section = container.section(ZKEY_SECTION.coefficients, 'coefficients').subarray(4);
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const matrices = [0, 1].map(() => ({
    starts: memory.allocate(4 * (header.domainSize + 1)),
    terms: 0,
  }));
  const starts = matrices.map(({ starts }) => memory.words(starts, header.domainSize + 1).fill(0));
  for (let i = 0; i < coefficientCount; i++) {
    const at = i * COEFFICIENT_BYTES;
    starts[view.getUint32(at, true)]![view.getUint32(at + 4, true) + 1]!++;
  }
  for (const [m, ofMatrix] of starts.entries()) {
    for (let row = 0; row < header.domainSize; row++) ofMatrix[row + 1]! += ofMatrix[row]!;
    matrices[m]!.terms = memory.allocate(8 * ofMatrix[header.domainSize]!);
  }
  const general = placeTerms(space, matrices, view, coefficientCount, header.domainSize);
  const coefficients = memory.allocate((general.length + 1) * ELEMENT_BYTES);
  const mark = memory.mark();
  const raw = memory.allocate((general.length + 1) * COEFFICIENT_BYTES);
  general.forEach((i, n) => {
    const from = i * COEFFICIENT_BYTES + 12;
    memory.bytes(raw + n * COEFFICIENT_BYTES, 32).set(section.subarray(from, from + 32));
  });
  await space.run(
    splitRange(general.length, 4 * space.threads).map(
      ([from, to]): KernelTask => [['convertCoefficients', raw, coefficients, from, to]],
    ),
  );
  memory.release(mark);
  return { rowsOfA: matrices[0]!, rowsOfB: matrices[1]!, coefficients };
}

/** Writes the terms in row order; returns which coefficients are neither 1 nor −1. */
function placeTerms(
  { memory }: KernelSpace,
  matrices: readonly MatrixRows[],
  view: DataView,
  count: number,
  rows: number,
): number[] {
  const next = matrices.map(({ starts }) => memory.words(starts, rows).slice());
  const terms = matrices.map(({ starts, terms }) =>
    memory.words(terms, 2 * memory.words(starts, rows + 1)[rows]!),
  );
  const [one, minusOne] = [ONE, MINUS_ONE].map((value) => Number(value & 0xffffffffn));
  const general: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = i * COEFFICIENT_BYTES;
    const matrix = view.getUint32(at, true);
    const place = next[matrix]![view.getUint32(at + 4, true)]!++;
    const low = view.getUint32(at + 12, true);
    let kind = -1;
    if (low === one && readFieldBytes(view, at + 12) === ONE) kind = 0;
    else if (low === minusOne && readFieldBytes(view, at + 12) === MINUS_ONE) kind = 1;
    terms[matrix]![2 * place] = view.getUint32(at + 8, true);
    terms[matrix]![2 * place + 1] = kind >= 0 ? kind : general.push(i) + 1;
  }
  return general;
}
