/**
 * `.ptau` files, powers of tau (source: iden3/snarkjs powersoftau_new, powersoftau_preparephase2).
 * Sections by id: 1 header, 2 τ in G1, 3 τ in G2, 4 ατ, 5 βτ, 6 β in G2, 7 contributions; prepared
 * files have 12 to 15, the Lagrange forms of 2 to 5: the levels 0 to power one after another,
 * section 12 one level more.
 */
import {
  BASE_FIELD_ORDER,
  ByteReader,
  CONTAINER_HEADER_BYTES,
  type ContainerFormat,
  FIELD_BYTES,
  formatError,
  readContainerHeader,
  SECTION_HEADER_BYTES,
} from '@zkinfer/core';
import { type ReadableFile, withFile } from '../files/read-file.ts';

/** The container of powers-of-tau files. */
export const PTAU: ContainerFormat = { name: 'ptau', magic: 'ptau', maxVersion: 1 };

/** Ids of the sections. */
export const PTAU_SECTION = {
  header: 1,
  tauG1: 2,
  tauG2: 3,
  alphaTauG1: 4,
  betaTauG1: 5,
  betaG2: 6,
  contributions: 7,
  lagrangeTauG1: 12,
  lagrangeTauG2: 13,
  lagrangeAlphaTauG1: 14,
  lagrangeBetaTauG1: 15,
} as const;

/** Bytes of section 1: `32 u32 | p[32] | power u32 | power of the ceremony u32`. */
export const PTAU_HEADER_BYTES = 4 + FIELD_BYTES + 8;

/** What a setup must know of a file of gigabytes. */
export interface PtauHeader {
  /** Circuits of a domain up to 2^this fit. */
  readonly power: number;
  /** Whether `snarkjs powersoftau prepare phase2` has been run. */
  readonly prepared: boolean;
}

/** A powers-of-tau file, open: read piece by piece. */
export interface PtauFile extends PtauHeader {
  /**
   * Bytes of a section.
   * @throws InputError CORE_FORMAT_SECTION, CORE_FORMAT_COUNT when the section is missing or ends
   *   before
   */
  read(section: number, at: number, length: number): Promise<Uint8Array>;
  /** As `read`, but goes on behind the section's end, up to the file's. */
  readBeyond(section: number, at: number, length: number): Promise<Uint8Array>;
}

/**
 * Reads the header and walks over the sections, without reading them.
 * @throws InputError CORE_FORMAT_*: see core's `FormatFault`, CORE_FILE_MISSING; EnvironmentError
 *   CORE_READ_FAILED
 */
export async function readPtauHeader(path: string): Promise<PtauHeader> {
  return withPtau(path, async ({ power, prepared }) => ({ power, prepared }));
}

/**
 * Runs work on an open file.
 * @throws as `readPtauHeader`
 */
export async function withPtau<T>(path: string, work: (ptau: PtauFile) => Promise<T>): Promise<T> {
  return withFile(path, async (file) => {
    const sections = await locateSections(file);
    const header = sections.get(PTAU_SECTION.header);
    if (header === undefined || header.size !== PTAU_HEADER_BYTES) {
      throw formatError('SECTION', PTAU.name, 'the header is missing or has another length');
    }
    const reader = new ByteReader(PTAU.name, await file.read(header.at, header.size));
    if (reader.u32() !== FIELD_BYTES || reader.fieldElement(2n ** 256n) !== BASE_FIELD_ORDER) {
      throw formatError('FOREIGN', PTAU.name, 'another curve than BN254');
    }
    const read: PtauFile['read'] = (section, at, length) => {
      const { at: start } = requireBytes(sections, section, at + length);
      return file.read(start + at, length);
    };
    const readBeyond: PtauFile['readBeyond'] = async (section, at, length) => {
      const { at: start } = requireBytes(sections, section, at);
      const bytes = await file.read(start + at, length);
      if (bytes.length === length) return bytes;
      throw formatError('TRUNCATED', PTAU.name, `it ends with section ${section}`);
    };
    const prepared = sections.has(PTAU_SECTION.lagrangeTauG1);
    return work({ power: reader.u32(), prepared, read, readBeyond });
  });
}

interface SectionLocation {
  readonly at: number;
  readonly size: number;
}

type Sections = ReadonlyMap<number, SectionLocation>;

function requireBytes(sections: Sections, id: number, end: number): SectionLocation {
  const section = sections.get(id);
  if (section === undefined) {
    throw formatError('SECTION', PTAU.name, `section ${id} is missing`);
  }
  if (section.size >= end) return section;
  throw formatError('COUNT', PTAU.name, `section ${id} is shorter than its power says`, {
    got: section.size,
    expected: `${end} bytes or more`,
  });
}

async function locateSections(file: ReadableFile): Promise<Sections> {
  const count = readContainerHeader(PTAU, await file.read(0, CONTAINER_HEADER_BYTES));
  const sections = new Map<number, SectionLocation>();
  let at = CONTAINER_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    const reader = new ByteReader(PTAU.name, await file.read(at, SECTION_HEADER_BYTES));
    const [id, size] = [reader.u32(), reader.u64()];
    if (sections.has(id)) throw formatError('SECTION', PTAU.name, `section ${id} occurs twice`);
    at += SECTION_HEADER_BYTES;
    sections.set(id, { at, size });
    at += size;
    if (at > file.size) throw formatError('TRUNCATED', PTAU.name, `it ends within section ${id}`);
  }
  if (at < file.size)
    throw formatError('OVERSIZED', PTAU.name, 'bytes left after the last section');
  return sections;
}
