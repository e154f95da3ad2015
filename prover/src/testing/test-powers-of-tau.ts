/**
 * Powers of tau whose τ, α and β are known: worthless for anything but tests and benchmarks. They
 * stand in for the files of a public ceremony, which take hours to prepare. Nothing but
 * `@zkinfer/prover/testing` exports this.
 */
import {
  BASE_FIELD_ORDER,
  ChunkWriter,
  collectChunks,
  FIELD_BYTES,
  SCALAR_FIELD_ORDER,
  writeContainerHeader,
  writeSectionHeader,
} from '@zkinfer/core';
import { type AtomicFile, openAtomicFile } from '@zkinfer/core/node';
import { POINT_BYTES } from '../curve/point-encoding.ts';
import type { GroupName } from '../curve/point-group.ts';
import { PTAU, PTAU_HEADER_BYTES, PTAU_SECTION } from '../formats/ptau-file.ts';
import { createFixedBasePool } from '../setup/create-fixed-base-pool.ts';
import type { FixedBasePool } from '../setup/fixed-base-pool.ts';
import { scalarBytes } from '../setup/key-scalars.ts';
import { lagrangeAt } from '../setup/lagrange.ts';
import type { ToxicWaste } from '../setup/toxic-waste.ts';

const R = SCALAR_FIELD_ORDER;

interface PointSection {
  readonly id: number;
  readonly group: GroupName;
  readonly scalars: readonly bigint[];
}

/**
 * Writes a prepared `.ptau` of a given power, from which snarkjs makes keys. It has no
 * contributions, so `snarkjs powersoftau verify` refuses it, as it should.
 * @param power 1 to 27
 */
export async function writeWorthlessPowersOfTau(
  path: string,
  power: number,
  secrets: Pick<ToxicWaste, 'tau' | 'alpha' | 'beta'>,
): Promise<void> {
  const sections = pointSections(power, secrets);
  const pointCount = sections.reduce((sum, { scalars }) => sum + scalars.length, 0);
  const pool = await createFixedBasePool(pointCount);
  const file = await openAtomicFile(path);
  try {
    await file.append(collectWrites((writer) => writeHeader(writer, power, sections.length + 2)));
    for (const section of sections) await appendPoints(file, pool, section);
    await file.commit();
  } finally {
    await file.abort();
    await pool.close();
  }
}

function pointSections(
  power: number,
  { tau, alpha, beta }: Pick<ToxicWaste, 'tau' | 'alpha' | 'beta'>,
): PointSection[] {
  const monomials = powersOf(tau, 2 ** (power + 1) - 1);
  const lower = monomials.slice(0, 2 ** power);
  const lagrange = Array.from({ length: power + 2 }, (_, level) => lagrangeAt(tau, level)).flat();
  const lowerLagrange = lagrange.slice(0, 2 ** (power + 1) - 1);
  return [
    { id: PTAU_SECTION.tauG1, group: 'g1', scalars: monomials },
    { id: PTAU_SECTION.tauG2, group: 'g2', scalars: lower },
    { id: PTAU_SECTION.alphaTauG1, group: 'g1', scalars: scaled(lower, alpha) },
    { id: PTAU_SECTION.betaTauG1, group: 'g1', scalars: scaled(lower, beta) },
    { id: PTAU_SECTION.betaG2, group: 'g2', scalars: [beta] },
    { id: PTAU_SECTION.lagrangeTauG1, group: 'g1', scalars: lagrange },
    { id: PTAU_SECTION.lagrangeTauG2, group: 'g2', scalars: lowerLagrange },
    { id: PTAU_SECTION.lagrangeAlphaTauG1, group: 'g1', scalars: scaled(lowerLagrange, alpha) },
    { id: PTAU_SECTION.lagrangeBetaTauG1, group: 'g1', scalars: scaled(lowerLagrange, beta) },
  ];
}

/** The container's header, section 1, and section 7 with no contributions. */
function writeHeader(writer: ChunkWriter, power: number, sectionCount: number): void {
  writeContainerHeader(writer, PTAU, 1, sectionCount);
  writeSectionHeader(writer, PTAU_SECTION.header, PTAU_HEADER_BYTES);
  writer.u32(FIELD_BYTES);
  writer.fieldElement(BASE_FIELD_ORDER);
  writer.u32(power);
  writer.u32(power);
  writeSectionHeader(writer, PTAU_SECTION.contributions, 4);
  writer.u32(0);
}

async function appendPoints(
  file: AtomicFile,
  pool: FixedBasePool,
  { id, group, scalars }: PointSection,
): Promise<void> {
  const size = scalars.length * POINT_BYTES[group];
  await file.append(collectWrites((writer) => writeSectionHeader(writer, id, size)));
  for await (const points of pool.multiply(group, scalarBytes(scalars))) await file.append(points);
}

function collectWrites(write: (writer: ChunkWriter) => void): Uint8Array {
  return collectChunks((consumer) => {
    const writer = new ChunkWriter(consumer);
    write(writer);
    writer.flush();
  });
}

function powersOf(base: bigint, count: number): bigint[] {
  const powers = new Array<bigint>(count);
  let power = 1n;
  for (let i = 0; i < count; i++) {
    powers[i] = power;
    power = (power * base) % R;
  }
  return powers;
}

function scaled(values: readonly bigint[], factor: bigint): bigint[] {
  return values.map((value) => (value * factor) % R);
}
