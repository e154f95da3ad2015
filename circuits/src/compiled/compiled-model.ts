/**
 * A compiled directory: the quantised network, what is known about its circuit, and later its
 * keys.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  circuitDigest,
  InputError,
  IntegrityError,
  type Manifest,
  SETUP_FILES,
} from '@zkinfer/core';
import { ArtifactDirectory } from '@zkinfer/core/node';
import { type Circuit, compileCircuit } from '../compile/compile-circuit.ts';
import type { Network } from '../graph/network.ts';
import {
  MODEL_FILE,
  modelDigest,
  networkFromFiles,
  networkToFiles,
  WEIGHTS_FILE,
} from '../graph/network-file.ts';
import {
  CIRCUIT_FILE,
  type CircuitSummary,
  decodeCircuitSummary,
  encodeCircuitSummary,
  summarizeCircuit,
} from './circuit-file.ts';

/** An open compiled directory. */
export interface CompiledModel {
  readonly directory: ArtifactDirectory;
  readonly network: Network;
  readonly summary: CircuitSummary;
}

/** Where a directory comes from. */
export interface CompilationOrigin {
  /** Version of zkinfer. */
  readonly zkinfer: string;
  /** See `sourceDigest`. */
  readonly sourceDigest: string;
}

/**
 * Writes a compiled directory, in place of what was compiled there before. Keys stay if they are
 * for the same circuit, and are deleted if they are not.
 * @param extra further files to list, by name: reports, labels
 * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED
 */
export async function writeCompiledModel(
  path: string,
  circuit: Circuit,
  origin: CompilationOrigin,
  extra: Readonly<Record<string, string>> = {},
): Promise<CompiledModel> {
  const { network } = circuit;
  const files = networkToFiles(network);
  const summary = summarizeCircuit(circuit, circuitDigest(circuit));
  const ties = {
    zkinfer: origin.zkinfer,
    sourceDigest: origin.sourceDigest,
    modelDigest: modelDigest(files),
    circuitDigest: summary.circuitDigest,
  };
  const before = await compiledManifest(path);
  const directory = await ArtifactDirectory.create(path, ties, {
    [MODEL_FILE]: files.model,
    [WEIGHTS_FILE]: files.weights,
    [CIRCUIT_FILE]: encodeCircuitSummary(summary),
    ...extra,
  });
  await keepOrDeleteKeys(directory, before);
  return { directory, network, summary };
}

async function keepOrDeleteKeys(
  directory: ArtifactDirectory,
  before: Manifest | undefined,
): Promise<void> {
  const names = Object.values(SETUP_FILES);
  const key = before?.verificationKeyDigest;
  const isSame = before?.circuitDigest === directory.manifest.circuitDigest;
  if (key !== undefined && isSame && names.every((name) => Object.hasOwn(before!.files, name))) {
    await directory.adopt(names, { verificationKeyDigest: key });
    return;
  }
  for (const name of names) await rm(join(directory.path, name), { force: true });
}

/**
 * Opens a compiled directory; its network is read and compared with the manifest.
 * @throws InputError CORE_ARTIFACT_*, CORE_FILE_MISSING, CORE_JSON_*, CIRCUITS_NETWORK_INVALID;
 *   IntegrityError CORE_ARTIFACT_TAMPERED, CIRCUITS_NETWORK_NOT_CANONICAL, CIRCUITS_DIRECTORY_MIXED
 */
export async function openCompiledModel(path: string): Promise<CompiledModel> {
  const directory = await ArtifactDirectory.open(path);
  const { manifest } = directory;
  const [model, weights] = [await directory.read(MODEL_FILE), await directory.read(WEIGHTS_FILE)];
  const summary = decodeCircuitSummary(await directory.readText(CIRCUIT_FILE));
  requireSame('model', modelDigest({ model, weights }), manifest.modelDigest);
  requireSame('circuit', summary.circuitDigest, manifest.circuitDigest);
  return { directory, network: networkFromFiles({ model, weights }), summary };
}

/**
 * The manifest of a directory, undefined when nothing finished is there. @throws InputError
 * CORE_JSON_* for a damaged one
 */
export async function compiledManifest(path: string): Promise<Manifest | undefined> {
  try {
    return (await ArtifactDirectory.open(path)).manifest;
  } catch (error) {
    if (error instanceof InputError && error.code === 'CORE_ARTIFACT_NO_MANIFEST') return undefined;
    throw error;
  }
}

/**
 * The circuit of an open directory, compiled anew and compared in size. @throws IntegrityError
 * CIRCUITS_DIRECTORY_MIXED
 */
export function circuitOf({ network, summary }: CompiledModel): Circuit {
  const circuit = compileCircuit(network);
  const size = ({ rows, wires }: { rows: number; wires: number }) => `${rows} rows, ${wires} wires`;
  requireSame('circuit', size(circuit), size(summary));
  return circuit;
}

function requireSame(what: string, got: string, expected: string): void {
  if (got === expected) return;
  throw new IntegrityError({
    code: 'CIRCUITS_DIRECTORY_MIXED',
    what: `the directory’s ${what} is not the one that its manifest names`,
    got,
    expected,
    hint: 'Compile the model again: files of two compilations, or of two versions of zkinfer, are mixed.',
  });
}
