/**
 * The container of iden3's binary files, all little endian, sections in any order:
 * `magic[4] | version u32 | sections u32 | { id u32 | size u64 | bytes }*`
 * (source: iden3/binfileutils).
 */
import { ByteReader } from './byte-reader.ts';
import type { ChunkWriter } from './chunk-writer.ts';
import { formatError } from './format-error.ts';

/** What distinguishes one kind of file. */
export interface ContainerFormat {
  /** Extension without the dot, for errors. */
  readonly name: string;
  /** Four ASCII characters. */
  readonly magic: string;
  /** Versions that can be read, 1 to this. */
  readonly maxVersion: number;
}

/** Bytes of the container's own header. */
export const CONTAINER_HEADER_BYTES = 12;
/** Bytes before each section's contents. */
export const SECTION_HEADER_BYTES = 12;

/** The sections of a file by id, as views on its bytes. */
export class Iden3Container {
  readonly format: ContainerFormat;
  readonly #sections: ReadonlyMap<number, Uint8Array>;

  constructor(format: ContainerFormat, sections: ReadonlyMap<number, Uint8Array>) {
    this.format = format;
    this.#sections = sections;
  }

  /**
   * @throws InputError CORE_FORMAT_SECTION if the file has none with this id; `name` says what it
   *   holds.
   */
  section(id: number, name: string): Uint8Array {
    const bytes = this.#sections.get(id);
    if (bytes === undefined) {
      throw formatError('SECTION', this.format.name, `section ${id} (${name}) is missing`);
    }
    return bytes;
  }

  /** A reader over a section. */
  reader(id: number, name: string): ByteReader {
    return new ByteReader(this.format.name, this.section(id, name));
  }
}

/**
 * Splits a whole file into its sections.
 * @throws InputError CORE_FORMAT_FOREIGN (magic, version), CORE_FORMAT_TRUNCATED,
 *   CORE_FORMAT_OVERSIZED (trailing bytes), CORE_FORMAT_SECTION (an id twice)
 */
export function readContainer(format: ContainerFormat, bytes: Uint8Array): Iden3Container {
  const reader = new ByteReader(format.name, bytes);
  const sectionCount = readContainerHeader(format, reader.take(CONTAINER_HEADER_BYTES));
  const sections = new Map<number, Uint8Array>();
  for (let i = 0; i < sectionCount; i++) {
    const id = reader.u32();
    const size = reader.u64();
    if (sections.has(id)) throw formatError('SECTION', format.name, `section ${id} occurs twice`);
    sections.set(id, reader.take(size));
  }
  reader.end('the last section');
  return new Iden3Container(format, sections);
}

/**
 * The number of sections that a container's first twelve bytes announce.
 * @throws InputError CORE_FORMAT_FOREIGN
 */
export function readContainerHeader(format: ContainerFormat, bytes: Uint8Array): number {
  const reader = new ByteReader(format.name, bytes);
  const magic = String.fromCharCode(...reader.take(4));
  if (magic !== format.magic) {
    throw formatError('FOREIGN', format.name, 'another magic', { expected: format.magic });
  }
  const version = reader.u32();
  if (version < 1 || version > format.maxVersion) {
    throw formatError('FOREIGN', format.name, 'an unknown version', {
      got: version,
      expected: `1 to ${format.maxVersion}`,
    });
  }
  return reader.u32();
}

/** Writes the container's header. */
export function writeContainerHeader(
  writer: ChunkWriter,
  format: ContainerFormat,
  version: number,
  sectionCount: number,
): void {
  writer.bytes(new TextEncoder().encode(format.magic));
  writer.u32(version);
  writer.u32(sectionCount);
}

/** Writes the header of a section; exactly `size` bytes of contents must follow. */
export function writeSectionHeader(writer: ChunkWriter, id: number, size: number): void {
  writer.u32(id);
  writer.u64(size);
}
