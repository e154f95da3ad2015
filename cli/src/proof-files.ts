import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseJson } from '@zkinfer/core';
import { readText } from './read-file.ts';

/** The parsed contents of a proof's files, not checked yet. */
export interface ProofContents {
  readonly proof: unknown;
  readonly publicSignals: unknown;
}

/**
 * Reads a proof and its public signals.
 * @param proof the proof's file, or the folder that holds it as `proof.json`
 * @param publicSignals their file; by default `public.json` beside the proof
 * @throws InputError CORE_FILE_MISSING, CORE_JSON_SYNTAX
 */
export async function readProofFiles(
  proof: string,
  publicSignals: string | undefined,
): Promise<ProofContents> {
  const isFolder = await stat(proof).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const proofPath = isFolder ? join(proof, 'proof.json') : proof;
  const publicPath = publicSignals ?? join(dirname(proofPath), 'public.json');
  return {
    proof: parseJson(await readText(proofPath), proofPath),
    publicSignals: parseJson(await readText(publicPath), publicPath),
  };
}
