/**
 * The key with which a ceremony begins, from prepared powers of tau: byte for byte what `snarkjs
 * zkey new` writes (source: iden3/snarkjs zkey_new). Each point is a sum of Lagrange points with
 * the system's coefficients:
 *
 *   A_w = Σ a·L, B_w = Σ b·L in both groups, C_w = Σ a·βL + Σ b·αL + Σ c·L, over the rows that name
 *   wire w,
 *   H_i = L'_{2i+1} of the domain of twice the size; γ and δ are the generators.
 */
import {
  BASE_FIELD_ORDER,
  ChunkWriter,
  type ConstraintSystem,
  constraintStatistics,
  FIELD_BYTES,
  type Progress,
  SCALAR_FIELD_ORDER,
  SILENT_PROGRESS,
  writeContainerHeader,
  writeSectionHeader,
} from '@zkinfer/core';
import { encodePoint, G1_ENCODING, G2_ENCODING, POINT_BYTES } from '../curve/point-encoding.ts';
import { G1, G2 } from '../curve/point-group.ts';
import { createKernelPool, type KernelSpace } from '../engine/wasm/kernel-pool.ts';
import { type KernelGroup, POINT_MEMORY_BYTES } from '../engine/wasm/multi-scalar.ts';
import { PTAU_SECTION, type PtauFile } from '../formats/ptau-file.ts';
import {
  GROTH16_PROTOCOL,
  ZKEY,
  ZKEY_HEADER_BYTES,
  ZKEY_SECTION,
  ZKEY_SECTION_COUNT,
} from '../formats/zkey-file.ts';
import { CircuitHash } from './circuit-hash.ts';
import { coefficientSectionBytes, writeCoefficientSection } from './coefficient-section.ts';
import {
  allocateColumns,
  type ColumnRegions,
  columnBytes,
  columnTasks,
  type DigitTable,
  writeColumns,
  writeDigitTable,
} from './column-sums.ts';
import type { ConstraintTerms, MatrixTerms } from './constraint-terms.ts';
import type { AppendBytes } from './development-key-writer.ts';
import { allocateExport, EXPORT_BYTES, type ExportRegions, exportPoints } from './export-points.ts';
import { hashPowerDifferences, POWER_DIFFERENCE_BYTES } from './power-differences.ts';
import {
  allocateImport,
  IMPORT_BYTES,
  type ImportRegions,
  importPieces,
  importPoints,
  PIECE_POINTS,
  type PointRange,
} from './ptau-points.ts';
import type { SetupOptions } from './setup-options.ts';

/** What a key is made from. */
export interface InitialKeyInput {
  /** Emits the same rows as `terms`. */
  readonly system: ConstraintSystem;
  readonly terms: ConstraintTerms;
  readonly log2Size: number;
  /** Prepared, and large enough. */
  readonly ptau: PtauFile;
}

/**
 * Streams the key.
 * @throws InputError CORE_FORMAT_* for powers of tau with missing or short sections or points off
 *   the curve; EnvironmentError PROVER_KERNELS_UNUSABLE, PROVER_MEMORY_EXHAUSTED before any work,
 *   PROVER_WORKER_FAILED; the signal's reason when aborted; what `append` throws
 */
export async function writeInitialKey(
  input: InitialKeyInput,
  append: AppendBytes,
  options: SetupOptions = {},
): Promise<void> {
  const pool = await createKernelPool(options.threads);
  try {
    await new InitialKeyWriter(input, pool.openSpace(), append, options).write();
  } finally {
    await pool.close();
  }
}

class InitialKeyWriter {
  readonly #input: InitialKeyInput;
  readonly #space: KernelSpace;
  readonly #append: AppendBytes;
  readonly #progress: Progress;
  readonly #signal: AbortSignal | undefined;
  readonly #hash = new CircuitHash();
  readonly #written: Uint8Array[] = [];
  readonly #writer = new ChunkWriter((chunk) => this.#written.push(chunk.slice()));
  readonly #columns: ColumnRegions;
  readonly #digits: DigitTable;
  readonly #imports: ImportRegions;
  readonly #exports: ExportRegions;
  /** Lagrange points by row, sums by wire: of either group. */
  readonly #bases: number;
  readonly #sums: number;
  #done = 0;

  constructor(
    input: InitialKeyInput,
    space: KernelSpace,
    append: AppendBytes,
    { progress = SILENT_PROGRESS, signal }: SetupOptions,
  ) {
    this.#input = input;
    this.#space = space;
    this.#append = append;
    this.#progress = progress;
    this.#signal = signal;
    const { terms, log2Size } = input;
    const { memory } = space;
    const mostTerms = Math.max(terms.a.count, terms.b.count, terms.c.count);
    const pointBytes = (2 ** log2Size + terms.wires) * POINT_MEMORY_BYTES.g2;
    const columns = columnBytes(terms.wires, mostTerms, terms.coefficients.length);
    reserve(space, pointBytes + columns + IMPORT_BYTES + EXPORT_BYTES + POWER_DIFFERENCE_BYTES);
    this.#bases = memory.allocate(2 ** log2Size * POINT_MEMORY_BYTES.g2);
    this.#sums = memory.allocate(terms.wires * POINT_MEMORY_BYTES.g2);
    this.#columns = allocateColumns(memory, terms.wires, mostTerms);
    this.#digits = writeDigitTable(memory, terms.coefficients);
    this.#imports = allocateImport(memory);
    this.#exports = allocateExport(memory);
  }

  /**
   * Sections in the order of `snarkjs zkey new`; what the hash of the circuit covers comes in its
   * order too.
   */
  async write(): Promise<void> {
    const { terms } = this.#input;
    const { a, b, c } = terms;
    this.#progress.stage('add up points', 6 * terms.wires);
    writeContainerHeader(this.#writer, ZKEY, 1, ZKEY_SECTION_COUNT);
    writeSectionHeader(this.#writer, ZKEY_SECTION.protocol, 4);
    this.#writer.u32(GROTH16_PROTOCOL);
    await this.#header();
    await this.#coefficients();
    await this.#clearSums('g1');
    await this.#addColumns(a, PTAU_SECTION.lagrangeBetaTauG1, 'g1');
    await this.#addColumns(b, PTAU_SECTION.lagrangeAlphaTauG1, 'g1');
    await this.#addColumns(c, PTAU_SECTION.lagrangeTauG1, 'g1');
    const firstPrivate = terms.publicSignals + 1;
    await this.#points(ZKEY_SECTION.inputs, 'g1', 0, firstPrivate);
    await this.#quotientPoints();
    await this.#hashQuotientPoints();
    await this.#points(ZKEY_SECTION.c, 'g1', firstPrivate, terms.wires);
    await this.#clearSums('g1');
    await this.#addColumns(a, undefined, 'g1');
    await this.#points(ZKEY_SECTION.a, 'g1', 0, terms.wires);
    await this.#clearSums('g1');
    await this.#addColumns(b, undefined, 'g1');
    await this.#points(ZKEY_SECTION.b1, 'g1', 0, terms.wires);
    await this.#clearSums('g2');
    await this.#addColumns(b, PTAU_SECTION.lagrangeTauG2, 'g2');
    await this.#points(ZKEY_SECTION.b2, 'g2', 0, terms.wires);
    await this.#contributions();
  }

  async #header(): Promise<void> {
    const { terms, log2Size } = this.#input;
    const alpha1 = await this.#firstPoint(PTAU_SECTION.alphaTauG1, 'g1');
    const beta1 = await this.#firstPoint(PTAU_SECTION.betaTauG1, 'g1');
    const beta2 = await this.#firstPoint(PTAU_SECTION.betaG2, 'g2');
    const generator1 = encodePoint(G1_ENCODING, G1.generator);
    const generator2 = encodePoint(G2_ENCODING, G2.generator);
    writeSectionHeader(this.#writer, ZKEY_SECTION.header, ZKEY_HEADER_BYTES);
    for (const modulus of [BASE_FIELD_ORDER, SCALAR_FIELD_ORDER]) {
      this.#writer.u32(FIELD_BYTES);
      this.#writer.fieldElement(modulus);
    }
    this.#writer.u32(terms.wires);
    this.#writer.u32(terms.publicSignals);
    this.#writer.u32(2 ** log2Size);
    for (const point of [alpha1, beta1, beta2, generator2, generator1, generator2]) {
      this.#writer.bytes(point);
      this.#hash.point(point);
    }
    await this.#drain();
  }

  async #firstPoint(section: number, group: KernelGroup): Promise<Uint8Array> {
    for await (const bytes of this.#read({ section, group, first: 0, count: 1 }, this.#bases)) {
      return bytes;
    }
    return new Uint8Array();
  }

  async #coefficients(): Promise<void> {
    const { system } = this.#input;
    const statistics = constraintStatistics(system);
    const bytes = coefficientSectionBytes(statistics, system);
    writeSectionHeader(this.#writer, ZKEY_SECTION.coefficients, bytes);
    writeCoefficientSection(system, statistics, this.#writer);
    await this.#drain();
  }

  async #clearSums(group: KernelGroup): Promise<void> {
    const clear = [`${group}ClearBuckets`, this.#sums, this.#input.terms.wires] as const;
    await this.#space.run([[clear]]);
  }

  /** Adds a matrix's columns over a section's points, or over those that are there. */
  async #addColumns(
    matrix: MatrixTerms,
    section: number | undefined,
    group: KernelGroup,
  ): Promise<void> {
    const { memory, threads } = this.#space;
    const { terms, log2Size, ptau } = this.#input;
    if (section !== undefined) {
      const size = 2 ** log2Size;
      const range = { section, group, first: size - 1, count: size };
      await importPoints(this.#space, this.#imports, ptau, range, this.#bases);
      this.#signal?.throwIfAborted();
    }
    const columns = writeColumns(memory, threads, this.#columns, this.#digits, terms.wires, matrix);
    await this.#space.run(columnTasks(columns, group, this.#bases, this.#sums));
    this.#signal?.throwIfAborted();
    this.#done += terms.wires;
    this.#progress.advance(this.#done);
  }

  /** Reads and checks points, piece by piece, each to the same place. */
  async *#read(range: PointRange, to: number): AsyncGenerator<Uint8Array> {
    const { ptau } = this.#input;
    for await (const bytes of importPieces(this.#space, this.#imports, ptau, range, () => to)) {
      this.#signal?.throwIfAborted();
      yield bytes;
    }
  }

  /** Writes and hashes the sums of wires from..to. */
  async #points(section: number, group: KernelGroup, from: number, to: number): Promise<void> {
    writeSectionHeader(this.#writer, section, (to - from) * POINT_BYTES[group]);
    await this.#drain();
    this.#hash.count(to - from);
    const points = this.#sums + from * POINT_MEMORY_BYTES[group];
    for await (const piece of exportPoints(this.#space, this.#exports, group, points, to - from)) {
      this.#signal?.throwIfAborted();
      this.#hash.bytes(piece.hashed);
      await this.#append(piece.encoded);
    }
  }

  /** H: every other point of the domain of twice the size, as they are. */
  async #quotientPoints(): Promise<void> {
    const { memory } = this.#space;
    const size = 2 ** this.#input.log2Size;
    writeSectionHeader(this.#writer, ZKEY_SECTION.h, size * POINT_BYTES.g1);
    await this.#drain();
    const mark = memory.mark();
    const scratch = memory.allocate(PIECE_POINTS * POINT_MEMORY_BYTES.g1);
    const both = { first: 2 * size - 1, count: 2 * size };
    const range = { section: PTAU_SECTION.lagrangeTauG1, group: 'g1', ...both } as const;
    for await (const bytes of this.#read(range, scratch)) {
      await this.#append(everyOther(bytes, POINT_BYTES.g1));
    }
    memory.retract(mark, mark);
  }

  async #hashQuotientPoints(): Promise<void> {
    const { log2Size, ptau } = this.#input;
    await hashPowerDifferences(
      {
        space: this.#space,
        imports: this.#imports,
        exports: this.#exports,
        ptau,
        signal: this.#signal,
      },
      log2Size,
      this.#hash,
    );
  }

  async #contributions(): Promise<void> {
    const hash = this.#hash.digest();
    writeSectionHeader(this.#writer, ZKEY_SECTION.contributions, hash.length + 4);
    this.#writer.bytes(hash);
    this.#writer.u32(0);
    await this.#drain();
  }

  async #drain(): Promise<void> {
    this.#writer.flush();
    for (const chunk of this.#written.splice(0)) await this.#append(chunk);
  }
}

/** Makes sure of memory before the work begins. */
function reserve({ memory }: KernelSpace, bytes: number): void {
  const mark = memory.mark();
  memory.allocate(bytes);
  memory.retract(mark, mark);
}

/** The second, fourth… of records of `size` bytes. */
function everyOther(bytes: Uint8Array, size: number): Uint8Array {
  const half = new Uint8Array(bytes.length / 2);
  for (let at = 0; at < half.length; at += size) {
    half.set(bytes.subarray(2 * at + size, 2 * at + 2 * size), at);
  }
  return half;
}
