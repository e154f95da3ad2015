import {
  BASE_FIELD_ORDER,
  ChunkWriter,
  type ConstraintSystem,
  constraintStatistics,
  FIELD_BYTES,
  type Progress,
  publicSignalCount,
  SCALAR_FIELD_ORDER,
  SILENT_PROGRESS,
  writeContainerHeader,
  writeSectionHeader,
} from '@zkinfer/core';
import { POINT_BYTES } from '../curve/point-encoding.ts';
import type { GroupName } from '../curve/point-group.ts';
import {
  CIRCUIT_HASH_BYTES,
  GROTH16_PROTOCOL,
  ZKEY,
  ZKEY_HEADER_BYTES,
  ZKEY_SECTION,
  ZKEY_SECTION_COUNT,
} from '../formats/zkey-file.ts';
import { coefficientSectionBytes, writeCoefficientSection } from './coefficient-section.ts';
import { createFixedBasePool } from './create-fixed-base-pool.ts';
import type { FixedBasePool } from './fixed-base-pool.ts';
import { type KeyScalars, keyScalars, scalarBytes } from './key-scalars.ts';
import type { SetupOptions } from './setup-options.ts';
import type { ToxicWaste } from './toxic-waste.ts';

/** Takes the next bytes of a file; they stay as they are until the promise resolves. */
export type AppendBytes = (bytes: Uint8Array) => Promise<void>;

/**
 * Streams the proving key of a system for given secrets. Section 10 holds no contribution and a
 * zero circuit hash, which is what marks the key as a development key.
 * @throws InputError PROVER_SYSTEM_SIZE; EnvironmentError PROVER_WORKER_FAILED; the signal's reason
 *   when aborted
 */
export async function writeDevelopmentKey(
  system: ConstraintSystem,
  waste: ToxicWaste,
  append: AppendBytes,
  options: SetupOptions = {},
): Promise<void> {
  const progress = options.progress ?? SILENT_PROGRESS;
  progress.stage('evaluate constraints');
  const scalars = keyScalars(system, waste);
  options.signal?.throwIfAborted();
  const total = pointCount(scalars);
  progress.stage('multiply points', total);
  const pool = await createFixedBasePool(total, { threads: options.threads });
  try {
    await new KeyWriter(system, append, pool, progress, options.signal).write(scalars, waste);
  } finally {
    await pool.close();
  }
}

class KeyWriter {
  readonly #system: ConstraintSystem;
  readonly #append: AppendBytes;
  readonly #written: Uint8Array[] = [];
  readonly #writer = new ChunkWriter((chunk) => this.#written.push(chunk.slice()));
  readonly #pool: FixedBasePool;
  readonly #progress: Progress;
  readonly #signal: AbortSignal | undefined;
  #pointsWritten = 0;

  constructor(
    system: ConstraintSystem,
    append: AppendBytes,
    pool: FixedBasePool,
    progress: Progress,
    signal: AbortSignal | undefined,
  ) {
    this.#system = system;
    this.#append = append;
    this.#pool = pool;
    this.#progress = progress;
    this.#signal = signal;
  }

  async write(scalars: KeyScalars, waste: ToxicWaste): Promise<void> {
    writeContainerHeader(this.#writer, ZKEY, 1, ZKEY_SECTION_COUNT);
    writeSectionHeader(this.#writer, ZKEY_SECTION.protocol, 4);
    this.#writer.u32(GROTH16_PROTOCOL);
    await this.#header(scalars.log2Size, waste);
    await this.#points(ZKEY_SECTION.inputs, 'g1', scalars.inputs);
    await this.#coefficients();
    await this.#points(ZKEY_SECTION.a, 'g1', scalars.a);
    await this.#points(ZKEY_SECTION.b1, 'g1', scalars.b);
    await this.#points(ZKEY_SECTION.b2, 'g2', scalars.b);
    await this.#points(ZKEY_SECTION.c, 'g1', scalars.c);
    await this.#points(ZKEY_SECTION.h, 'g1', scalars.h);
    writeSectionHeader(this.#writer, ZKEY_SECTION.contributions, CIRCUIT_HASH_BYTES + 4);
    this.#writer.bytes(new Uint8Array(CIRCUIT_HASH_BYTES + 4));
    await this.#drain();
  }

  async #header(log2Size: number, { alpha, beta, delta }: ToxicWaste): Promise<void> {
    const g1 = await this.#multiplied('g1', [alpha, beta, delta]);
    const g2 = await this.#multiplied('g2', [beta, 1n, delta]);
    const [alpha1, beta1, delta1] = split(g1, POINT_BYTES.g1);
    const [beta2, gamma2, delta2] = split(g2, POINT_BYTES.g2);
    writeSectionHeader(this.#writer, ZKEY_SECTION.header, ZKEY_HEADER_BYTES);
    for (const modulus of [BASE_FIELD_ORDER, SCALAR_FIELD_ORDER]) {
      this.#writer.u32(FIELD_BYTES);
      this.#writer.fieldElement(modulus);
    }
    this.#writer.u32(this.#system.wires);
    this.#writer.u32(publicSignalCount(this.#system));
    this.#writer.u32(2 ** log2Size);
    for (const point of [alpha1, beta1, beta2, gamma2, delta1, delta2]) this.#writer.bytes(point!);
  }

  async #coefficients(): Promise<void> {
    const statistics = constraintStatistics(this.#system);
    const bytes = coefficientSectionBytes(statistics, this.#system);
    writeSectionHeader(this.#writer, ZKEY_SECTION.coefficients, bytes);
    writeCoefficientSection(this.#system, statistics, this.#writer);
    await this.#drain();
  }

  async #points(section: number, group: GroupName, scalars: Uint8Array): Promise<void> {
    const count = scalars.length / FIELD_BYTES;
    writeSectionHeader(this.#writer, section, count * POINT_BYTES[group]);
    for await (const points of this.#pool.multiply(group, scalars, this.#signal)) {
      this.#writer.bytes(points);
      this.#pointsWritten += points.length / POINT_BYTES[group];
      this.#progress.advance(this.#pointsWritten);
      await this.#drain();
    }
  }

  async #drain(): Promise<void> {
    this.#writer.flush();
    for (const chunk of this.#written.splice(0)) await this.#append(chunk);
  }

  async #multiplied(group: GroupName, scalars: readonly bigint[]): Promise<Uint8Array> {
    for await (const points of this.#pool.multiply(group, scalarBytes(scalars), this.#signal)) {
      return points;
    }
    return new Uint8Array();
  }
}

function pointCount({ inputs, a, b, c, h }: KeyScalars): number {
  return (inputs.length + a.length + 2 * b.length + c.length + h.length) / FIELD_BYTES;
}

function split(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}
