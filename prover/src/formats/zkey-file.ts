/**
 * `.zkey` files of Groth16 over BN254 (source: iden3/snarkjs zkey_utils). Sections by id:
 * 2 header, 3 IC, 4 coefficients of A and B, 5 A, 6 B in G1, 7 B in G2, 8 C, 9 H, 10 contributions.
 */
import {
  BASE_FIELD_ORDER,
  type ByteReader,
  type ContainerFormat,
  FIELD_BYTES,
  formatError,
  type Iden3Container,
  readContainer,
  SCALAR_FIELD_ORDER,
} from '@zkinfer/core';
import { POINT_BYTES } from '../curve/point-encoding.ts';

/** The container of proving keys; both versions that exist are read, version 1 is written. */
export const ZKEY: ContainerFormat = { name: 'zkey', magic: 'zkey', maxVersion: 2 };

/** Ids of the sections. */
export const ZKEY_SECTION = {
  protocol: 1,
  header: 2,
  inputs: 3,
  coefficients: 4,
  a: 5,
  b1: 6,
  b2: 7,
  c: 8,
  h: 9,
  contributions: 10,
} as const;

/** Number of sections of a complete key. */
export const ZKEY_SECTION_COUNT = 10;

/** The protocol id of Groth16 in section 1. */
export const GROTH16_PROTOCOL = 1;

/**
 * Section 4 holds `count u32`, then this many bytes each: matrix u32, row u32, wire u32,
 * coefficient · R² [32].
 */
export const COEFFICIENT_BYTES = 12 + FIELD_BYTES;

/** Bytes of section 2. */
export const ZKEY_HEADER_BYTES =
  2 * (4 + FIELD_BYTES) + 12 + 3 * POINT_BYTES.g1 + 3 * POINT_BYTES.g2;

/** Bytes of the hash of the circuit that opens section 10; zero in keys that no ceremony made. */
export const CIRCUIT_HASH_BYTES = 64;

/** Section 2, points still encoded. */
export interface ProvingKeyHeader {
  readonly wires: number;
  readonly publicSignals: number;
  /** A power of two. */
  readonly domainSize: number;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly gamma2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
}

/** A key as found in its file: views on its bytes. */
export interface ProvingKeyFile {
  readonly bytes: Uint8Array;
  readonly header: ProvingKeyHeader;
  readonly container: Iden3Container;
  readonly coefficientCount: number;
  /** Contributions that a ceremony made; 0 in development keys and in fresh ceremony keys. */
  readonly contributionCount: number;
}

/**
 * Splits a proving key into its sections, checks every length against the header's counts. Points
 * and coefficients are not looked at.
 * @throws InputError CORE_FORMAT_*: see core's `FormatFault`; another protocol or curve is
 *   CORE_FORMAT_FOREIGN
 */
export function readProvingKey(bytes: Uint8Array): ProvingKeyFile {
  const container = readContainer(ZKEY, bytes);
  const protocol = container.reader(ZKEY_SECTION.protocol, 'protocol');
  if (protocol.u32() !== GROTH16_PROTOCOL) {
    throw formatError('FOREIGN', ZKEY.name, 'another protocol than Groth16');
  }
  protocol.end('the protocol');
  const header = readHeader(container.reader(ZKEY_SECTION.header, 'header'));
  checkPointSections(container, header);
  return {
    bytes,
    header,
    container,
    coefficientCount: readCoefficientCount(container),
    contributionCount: readContributionCount(container),
  };
}

function readHeader(reader: ByteReader): ProvingKeyHeader {
  requireModulus(reader, BASE_FIELD_ORDER);
  requireModulus(reader, SCALAR_FIELD_ORDER);
  const header = {
    wires: reader.u32(),
    publicSignals: reader.u32(),
    domainSize: reader.u32(),
    alpha1: reader.take(POINT_BYTES.g1),
    beta1: reader.take(POINT_BYTES.g1),
    beta2: reader.take(POINT_BYTES.g2),
    gamma2: reader.take(POINT_BYTES.g2),
    delta1: reader.take(POINT_BYTES.g1),
    delta2: reader.take(POINT_BYTES.g2),
  };
  reader.end('the header');
  const isPowerOfTwo = header.domainSize > 0 && Number.isInteger(Math.log2(header.domainSize));
  if (header.publicSignals >= header.wires || !isPowerOfTwo) {
    throw formatError('COUNT', ZKEY.name, 'impossible counts in the header');
  }
  return header;
}

function requireModulus(reader: ByteReader, modulus: bigint): void {
  if (reader.u32() !== FIELD_BYTES || reader.fieldElement(2n ** 256n) !== modulus) {
    throw formatError('FOREIGN', ZKEY.name, 'another curve than BN254');
  }
}

function checkPointSections(container: Iden3Container, header: ProvingKeyHeader): void {
  const { wires, publicSignals, domainSize } = header;
  const expected: readonly (readonly [number, string, number])[] = [
    [ZKEY_SECTION.inputs, 'IC', (publicSignals + 1) * POINT_BYTES.g1],
    [ZKEY_SECTION.a, 'A', wires * POINT_BYTES.g1],
    [ZKEY_SECTION.b1, 'B1', wires * POINT_BYTES.g1],
    [ZKEY_SECTION.b2, 'B2', wires * POINT_BYTES.g2],
    [ZKEY_SECTION.c, 'C', (wires - publicSignals - 1) * POINT_BYTES.g1],
    [ZKEY_SECTION.h, 'H', domainSize * POINT_BYTES.g1],
  ];
  for (const [id, name, length] of expected) {
    const got = container.section(id, name).length;
    if (got !== length) {
      throw formatError('COUNT', ZKEY.name, `section ${name} has another length than its count`, {
        got,
        expected: length,
      });
    }
  }
}

function readCoefficientCount(container: Iden3Container): number {
  const reader = container.reader(ZKEY_SECTION.coefficients, 'coefficients');
  const count = reader.u32();
  if (reader.remaining !== count * COEFFICIENT_BYTES) {
    throw formatError('COUNT', ZKEY.name, 'the coefficients have another length than their count');
  }
  return count;
}

function readContributionCount(container: Iden3Container): number {
  const reader = container.reader(ZKEY_SECTION.contributions, 'contributions');
  reader.take(CIRCUIT_HASH_BYTES);
  const count = reader.u32();
  if (count === 0) reader.end('the contributions');
  return count;
}
