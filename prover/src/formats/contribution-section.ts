/**
 * Section 10 of a `.zkey` (source: iden3/snarkjs zkey_utils):
 * `hash of the circuit [64] | contributions u32`, then each contribution:
 * `δ after [G1] | s [G1] | s·x [G1] | s'·x [G2] | transcript [64] | type u32 | length u32 |
 * parameters`, where parameters are `1 length name`, `2 iterations`, `3 length beacon`.
 */
import { createHash } from 'node:crypto';
import {
  BASE_FIELD_ORDER,
  ByteReader,
  FIELD_BYTES,
  formatError,
  invert,
  readFieldBytes,
  writeFieldBytes,
} from '@zkinfer/core';
import { POINT_BYTES } from '../curve/point-encoding.ts';
import type { BeaconRecord, ContributionRecord } from '../setup/setup-record.ts';
import { CIRCUIT_HASH_BYTES, type ProvingKeyFile, ZKEY, ZKEY_SECTION } from './zkey-file.ts';

const TRANSCRIPT_BYTES = 64;
const PARAMETER = { name: 1, iterations: 2, beacon: 3 } as const;
const MONTGOMERY_INVERSE = invert(2n ** 256n % BASE_FIELD_ORDER, BASE_FIELD_ORDER);

/** The contributions section, decoded; nothing in it is verified. */
export interface ContributionSection {
  /** BLAKE2b-512 of the initial key, hex; all zeros in development keys. */
  readonly circuitHash: string;
  readonly contributions: readonly ContributionRecord[];
}

/** Whether a ceremony made the key: its circuit hash is set. */
export function isCeremonyKey(key: ProvingKeyFile): boolean {
  const section = key.container.section(ZKEY_SECTION.contributions, 'contributions');
  return section.subarray(0, CIRCUIT_HASH_BYTES).some((byte) => byte !== 0);
}

/**
 * Reads who contributed to a key.
 * @throws InputError CORE_FORMAT_* for a section that ends early, goes on, or has unknown
 *   parameters
 */
export function readContributions(key: ProvingKeyFile): ContributionSection {
  const reader = key.container.reader(ZKEY_SECTION.contributions, 'contributions');
  const circuitHash = Buffer.from(reader.take(CIRCUIT_HASH_BYTES)).toString('hex');
  const count = reader.u32();
  const contributions: ContributionRecord[] = [];
  for (let i = 0; i < count; i++) contributions.push(readContribution(reader));
  reader.end('the last contribution');
  return { circuitHash, contributions };
}

/**
 * The hash is snarkjs's: over the public key's points in big-endian plain form, then the
 * transcript.
 */
function readContribution(reader: ByteReader): ContributionRecord {
  const hash = createHash('blake2b512');
  for (const group of ['g1', 'g1', 'g1', 'g2'] as const) {
    hash.update(plainBigEndian(reader.take(POINT_BYTES[group])));
  }
  hash.update(reader.take(TRANSCRIPT_BYTES));
  reader.u32();
  const parameters = new ByteReader(ZKEY.name, reader.take(reader.u32()));
  return { hash: hash.digest('hex'), ...readParameters(parameters) };
}

function readParameters(reader: ByteReader): Omit<ContributionRecord, 'hash'> {
  let name = '';
  let iterationsLog2: number | undefined;
  let value: string | undefined;
  while (reader.remaining > 0) {
    const parameter = readByte(reader);
    if (parameter === PARAMETER.name) name = readSized(reader).toString('utf8');
    else if (parameter === PARAMETER.iterations) iterationsLog2 = readByte(reader);
    else if (parameter === PARAMETER.beacon) value = readSized(reader).toString('hex');
    else throw formatError('VALUE', ZKEY.name, 'an unknown parameter of a contribution');
  }
  if (value === undefined || iterationsLog2 === undefined) return { name };
  const beacon: BeaconRecord = { value, iterationsLog2 };
  return { name, beacon };
}

function readByte(reader: ByteReader): number {
  return reader.take(1)[0]!;
}

function readSized(reader: ByteReader): Buffer {
  return Buffer.from(reader.take(readByte(reader)));
}

/** From Montgomery form, each of the two coordinates reversed as a whole: c1 comes before c0. */
export function plainBigEndian(point: Uint8Array): Uint8Array {
  const plain = point.slice();
  const view = new DataView(plain.buffer);
  for (let at = 0; at < plain.length; at += FIELD_BYTES) {
    const value = (readFieldBytes(view, at) * MONTGOMERY_INVERSE) % BASE_FIELD_ORDER;
    writeFieldBytes(view, at, value);
  }
  const half = plain.length / 2;
  plain.subarray(0, half).reverse();
  plain.subarray(half).reverse();
  return plain;
}
