/** `circuit.json`: what is known about a circuit without compiling it again. */
import {
  type ConstraintStatistics,
  canonicalJson,
  constraintStatistics,
  domainSizeLog2,
  parseJson,
  provingKeyBytes,
  readArray,
  readConstant,
  readHexDigest,
  readInteger,
  readObject,
  readString,
} from '@zkinfer/core';
import type { Circuit } from '../compile/compile-circuit.ts';

/** The rows and wires of one block; its first row follows the last one of the block before. */
export interface BlockSummary {
  readonly name: string;
  readonly kind: string;
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
}

/** The contents of `circuit.json`. */
export interface CircuitSummary {
  /** SHA-256 of the `.r1cs`. */
  readonly circuitDigest: string;
  readonly rows: number;
  readonly wires: number;
  /** The proving key's domain has 2^domainSizeLog2 points. */
  readonly domainSizeLog2: number;
  /** Exact size of the key that a development setup makes. */
  readonly provingKeyBytes: number;
  readonly statistics: ConstraintStatistics;
  /** Names of the public signals, wires 1, 2, …. */
  readonly publicSignals: readonly string[];
  /** The signal map: which wires belong to what. */
  readonly blocks: readonly BlockSummary[];
}

/** Its name in a compiled directory. */
export const CIRCUIT_FILE = 'circuit.json';

const FORMAT = 'zkinfer-circuit';
const VERSION = 1;
const PUBLIC_SIGNALS = ['outputHash', 'inputHash', 'binder'];
const STATISTICS = ['rows', 'cOnlyRows', 'aTerms', 'bTerms', 'cTerms', 'aWires', 'bWires'] as const;

/** The summary of a circuit with its digest, which takes longer than compiling it. */
export function summarizeCircuit(circuit: Circuit, circuitDigest: string): CircuitSummary {
  const statistics = constraintStatistics(circuit);
  return {
    circuitDigest,
    rows: circuit.rows,
    wires: circuit.wires,
    domainSizeLog2: domainSizeLog2(circuit),
    provingKeyBytes: provingKeyBytes(statistics, circuit),
    statistics,
    publicSignals: PUBLIC_SIGNALS,
    blocks: circuit.blocks.map(({ name, kind, firstWire, wires, rows }) => ({
      name,
      kind,
      firstWire,
      wires,
      rows,
    })),
  };
}

/** Whether a summary says of a circuit with this digest exactly what is so. */
export function isSummaryOf(
  summary: CircuitSummary,
  circuit: Circuit,
  circuitDigest: string,
): boolean {
  const actual = summarizeCircuit(circuit, circuitDigest);
  return encodeCircuitSummary(summary) === encodeCircuitSummary(actual);
}

/** The text of `circuit.json`. */
export function encodeCircuitSummary(summary: CircuitSummary): string {
  const { statistics, blocks, ...rest } = summary;
  return canonicalJson({
    format: FORMAT,
    version: VERSION,
    ...rest,
    statistics: { ...statistics },
    blocks: blocks.map((block) => ({ ...block })),
  });
}

/** Reads `circuit.json`. @throws InputError CORE_JSON_SYNTAX, CORE_JSON_SHAPE */
export function decodeCircuitSummary(text: string): CircuitSummary {
  const object = readObject(parseJson(text, 'circuit'), 'circuit', [
    'format',
    'version',
    'circuitDigest',
    'rows',
    'wires',
    'domainSizeLog2',
    'provingKeyBytes',
    'publicSignals',
    'statistics',
    'blocks',
  ]);
  readConstant(object.format, 'circuit.format', FORMAT);
  readConstant(object.version, 'circuit.version', VERSION);
  return {
    circuitDigest: readHexDigest(object.circuitDigest, 'circuit.circuitDigest'),
    rows: readInteger(object.rows, 'circuit.rows'),
    wires: readInteger(object.wires, 'circuit.wires'),
    domainSizeLog2: readInteger(object.domainSizeLog2, 'circuit.domainSizeLog2'),
    provingKeyBytes: readInteger(object.provingKeyBytes, 'circuit.provingKeyBytes'),
    statistics: readStatistics(object.statistics),
    publicSignals: readArray(object.publicSignals, 'circuit.publicSignals').map((name, i) =>
      readString(name, `circuit.publicSignals[${i}]`),
    ),
    blocks: readArray(object.blocks, 'circuit.blocks').map((block, i) =>
      readBlock(block, `circuit.blocks[${i}]`),
    ),
  };
}

function readStatistics(value: unknown): ConstraintStatistics {
  const path = 'circuit.statistics';
  const object = readObject(value, path, STATISTICS);
  const entries = STATISTICS.map((key) => [key, readInteger(object[key], `${path}.${key}`)]);
  return Object.fromEntries(entries) as unknown as ConstraintStatistics;
}

function readBlock(value: unknown, path: string): BlockSummary {
  const object = readObject(value, path, ['name', 'kind', 'firstWire', 'wires', 'rows']);
  return {
    name: readString(object.name, `${path}.name`),
    kind: readString(object.kind, `${path}.kind`),
    firstWire: readInteger(object.firstWire, `${path}.firstWire`),
    wires: readInteger(object.wires, `${path}.wires`),
    rows: readInteger(object.rows, `${path}.rows`),
  };
}
