/**
 * `.wtns` files, version 2 (source: iden3/snarkjs wtns_utils): header `32 u32 | r[32] | wires u32`,
 * then 32 bytes a wire.
 */
import { SCALAR_FIELD_ORDER } from '../field.ts';
import { Witness } from '../witness.ts';
import { ByteReader } from './byte-reader.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { collectChunks } from './collect-chunks.ts';
import { FIELD_BYTES } from './field-bytes.ts';
import { formatError } from './format-error.ts';
import {
  type ContainerFormat,
  readContainer,
  writeContainerHeader,
  writeSectionHeader,
} from './iden3-container.ts';

const WTNS: ContainerFormat = { name: 'wtns', magic: 'wtns', maxVersion: 2 };
const SECTION = { header: 1, witness: 2 } as const;
const HEADER_BYTES = 4 + FIELD_BYTES + 4;

/** The bytes of a witness file. Secret: it holds every value of the computation. */
export function writeWtns(witness: Witness): Uint8Array {
  return collectChunks((consumer) => {
    const writer = new ChunkWriter(consumer);
    writeContainerHeader(writer, WTNS, 2, 2);
    writeSectionHeader(writer, SECTION.header, HEADER_BYTES);
    writer.u32(FIELD_BYTES);
    writer.fieldElement(SCALAR_FIELD_ORDER);
    writer.u32(witness.wires);
    writeSectionHeader(writer, SECTION.witness, witness.bytes.length);
    writer.bytes(witness.bytes);
    writer.flush();
  });
}

/**
 * Reads a witness file over BN254's scalar field; the witness is a copy.
 * @throws InputError CORE_FORMAT_*: see `FormatFault`; values not below r, or a first value other
 *   than 1, are CORE_FORMAT_VALUE
 */
export function readWtns(bytes: Uint8Array): Witness {
  const container = readContainer(WTNS, bytes);
  const header = container.reader(SECTION.header, 'header');
  const fieldBytes = header.u32();
  if (fieldBytes !== FIELD_BYTES || header.fieldElement(2n ** 256n) !== SCALAR_FIELD_ORDER) {
    throw formatError('FOREIGN', WTNS.name, "another field than BN254's scalar field");
  }
  const wires = header.u32();
  header.end('the header');
  const section = container.section(SECTION.witness, 'witness');
  if (section.length !== wires * FIELD_BYTES) {
    throw formatError('COUNT', WTNS.name, 'the witness has another length than its wires need', {
      got: section.length,
      expected: wires * FIELD_BYTES,
    });
  }
  checkValues(section, wires);
  return new Witness(wires, section.slice());
}

function checkValues(section: Uint8Array, wires: number): void {
  const reader = new ByteReader(WTNS.name, section);
  for (let wire = 0; wire < wires; wire++) {
    const value = reader.fieldElement(SCALAR_FIELD_ORDER);
    if (wire === 0 && value !== 1n) {
      throw formatError('VALUE', WTNS.name, 'the first wire is not the constant 1');
    }
  }
}
