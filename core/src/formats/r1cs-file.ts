/**
 * `.r1cs` files, version 1 (source: iden3/r1csfile, doc/r1cs_bin_format.md). A row is three
 * combinations, each `terms u32 | { wire u32 | coefficient[32] }*`.
 */

import { constraintStatistics } from '../constraint-statistics.ts';
import type { ConstraintSystem, LinearCombination, RowSink } from '../constraint-system.ts';
import { publicSignalCount } from '../constraint-system.ts';
import { SCALAR_FIELD_ORDER } from '../field.ts';
import type { ByteReader } from './byte-reader.ts';
import { type ChunkConsumer, ChunkWriter } from './chunk-writer.ts';
import { FIELD_BYTES, shortestCoefficient } from './field-bytes.ts';
import { formatError } from './format-error.ts';
import {
  type ContainerFormat,
  readContainer,
  writeContainerHeader,
  writeSectionHeader,
} from './iden3-container.ts';

const R1CS: ContainerFormat = { name: 'r1cs', magic: 'r1cs', maxVersion: 1 };
const SECTION = { header: 1, constraints: 2, wireLabels: 3 } as const;
const HEADER_BYTES = 64;
const COUNT_BYTES = 4;
const TERM_BYTES = 4 + FIELD_BYTES;
const LABEL_BYTES = 8;

interface R1csHeader {
  readonly wires: number;
  readonly publicOutputs: number;
  readonly publicInputs: number;
  readonly labels: number;
  readonly rows: number;
}

/**
 * Streams a system as a `.r1cs` file. It is emitted twice: sizes come before contents. Each wire is
 * its own label; private inputs are not told apart from other private wires.
 */
export function writeR1cs(system: ConstraintSystem, consumer: ChunkConsumer): void {
  const statistics = constraintStatistics(system);
  const terms = statistics.aTerms + statistics.bTerms + statistics.cTerms;
  const writer = new ChunkWriter(consumer);
  writeContainerHeader(writer, R1CS, 1, 3);
  writeHeader(writer, system);
  writeSectionHeader(
    writer,
    SECTION.constraints,
    3 * COUNT_BYTES * statistics.rows + TERM_BYTES * terms,
  );
  system.emit(new R1csRowWriter(writer));
  writeSectionHeader(writer, SECTION.wireLabels, LABEL_BYTES * system.wires);
  for (let wire = 0; wire < system.wires; wire++) writer.u64(wire);
  writer.flush();
}

/**
 * Reads a `.r1cs` file over BN254's scalar field as a system that decodes its rows anew at each
 * emission. Every row is checked here already, so that emission cannot fail.
 * Terms of a combination may stand in any order, as circom writes them; they come out ascending.
 * @throws InputError CORE_FORMAT_*: see `FormatFault`; wires that do not exist or stand twice in a
 *   combination, and coefficients not below r, are CORE_FORMAT_VALUE
 */
export function readR1cs(bytes: Uint8Array): ConstraintSystem {
  const container = readContainer(R1CS, bytes);
  const header = readHeader(container.reader(SECTION.header, 'header'));
  const labelBytes = container.section(SECTION.wireLabels, 'labels of wires').length;
  if (labelBytes !== LABEL_BYTES * header.wires) {
    throw formatError('COUNT', R1CS.name, 'the label map has another length than its wires need');
  }
  const emitRows = (sink: RowSink) => {
    const reader = container.reader(SECTION.constraints, 'constraints');
    for (let row = 0; row < header.rows; row++) {
      const a = readCombination(reader, header.wires);
      const b = readCombination(reader, header.wires);
      sink.row(a, b, readCombination(reader, header.wires));
    }
    reader.end('the last constraint');
  };
  emitRows({ row() {} });
  return {
    wires: header.wires,
    publicOutputs: header.publicOutputs,
    publicInputs: header.publicInputs,
    rows: header.rows,
    emit: emitRows,
  };
}

function writeHeader(writer: ChunkWriter, system: ConstraintSystem): void {
  writeSectionHeader(writer, SECTION.header, HEADER_BYTES);
  writer.u32(FIELD_BYTES);
  writer.fieldElement(SCALAR_FIELD_ORDER);
  writer.u32(system.wires);
  writer.u32(system.publicOutputs);
  writer.u32(system.publicInputs);
  writer.u32(0);
  writer.u64(system.wires);
  writer.u32(system.rows);
}

function readHeader(reader: ByteReader): R1csHeader {
  const fieldBytes = reader.u32();
  if (fieldBytes !== FIELD_BYTES || reader.fieldElement(2n ** 256n) !== SCALAR_FIELD_ORDER) {
    throw formatError('FOREIGN', R1CS.name, "another field than BN254's scalar field");
  }
  const [wires, publicOutputs, publicInputs, privateInputs] = [
    reader.u32(),
    reader.u32(),
    reader.u32(),
    reader.u32(),
  ];
  const header = { wires, publicOutputs, publicInputs, labels: reader.u64(), rows: reader.u32() };
  reader.end('the header');
  if (publicSignalCount({ ...header, emit() {} }) + privateInputs >= wires) {
    throw formatError('COUNT', R1CS.name, 'more signals than wires', { got: wires });
  }
  return header;
}

function readCombination(reader: ByteReader, wireCount: number): LinearCombination {
  const terms = reader.u32();
  if (terms * TERM_BYTES > reader.remaining) {
    throw formatError('TRUNCATED', R1CS.name, 'a combination has more terms than bytes are left');
  }
  const read = Array.from({ length: terms }, () => readTerm(reader, wireCount));
  // circom writes neither in the order of wires nor without zeros; one meaning has one form here.
  const kept = read.filter(({ coefficient }) => coefficient !== 0).sort((x, y) => x.wire - y.wire);
  if (kept.some(({ wire }, i) => wire === kept[i + 1]?.wire)) {
    throw formatError('VALUE', R1CS.name, 'a wire stands twice in one combination');
  }
  return {
    wires: kept.map(({ wire }) => wire),
    coefficients: kept.map(({ coefficient }) => coefficient),
  };
}

function readTerm(reader: ByteReader, wireCount: number) {
  const wire = reader.u32();
  if (wire >= wireCount) {
    throw formatError('VALUE', R1CS.name, 'a combination names a wire that does not exist');
  }
  return { wire, coefficient: shortestCoefficient(reader.fieldElement(SCALAR_FIELD_ORDER)) };
}

class R1csRowWriter implements RowSink {
  readonly #writer: ChunkWriter;

  constructor(writer: ChunkWriter) {
    this.#writer = writer;
  }

  row(a: LinearCombination, b: LinearCombination, c: LinearCombination): void {
    this.#combination(a);
    this.#combination(b);
    this.#combination(c);
  }

  #combination({ wires, coefficients }: LinearCombination): void {
    this.#writer.u32(wires.length);
    for (let i = 0; i < wires.length; i++) {
      this.#writer.u32(wires[i]!);
      this.#writer.coefficient(coefficients[i]!);
    }
  }
}
