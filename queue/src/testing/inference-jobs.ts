/** Jobs over HTTP whose input is in the blob store, and their stage `fetch`. */
import { type CompiledModel, inputLayoutsOf, type Network } from '@zkinfer/circuits';
import {
  COMMITMENT_KIND,
  commitTensors,
  decodeEnvelope,
  encodeEnvelope,
  pack,
  randomSalt,
} from '@zkinfer/core';
import type { BlobStore } from '../artifacts/blob-store.ts';
import { readInferenceRequest, writeInferenceRequest } from '../jobs/inference-request.ts';
import type { StageHandler } from '../jobs/stage-worker.ts';
import { HTTP_ROUTE } from '../jobs/stages.ts';
import type { JobSubmission } from '../jobs/transition.ts';

/** What the proofs of these jobs are bound to. */
export const TEST_BINDER = '7';

/** A job that asks for an inference of a model with one input; its envelope is stored. */
export async function inferenceJob(
  id: string,
  blobs: BlobStore,
  { network, directory }: CompiledModel,
  input: readonly number[],
): Promise<JobSubmission> {
  const { modelDigest } = directory.manifest;
  const words = pack([input], inputLayoutsOf(network));
  const envelope = encodeEnvelope({ version: 1, modelDigest, words, inputSalt: randomSalt() });
  const request = writeInferenceRequest({
    modelDigest,
    input: { kind: 'blob', sha256: await blobs.put(new TextEncoder().encode(envelope)) },
    binder: TEST_BINDER,
    chain: null,
    http: { client: 'test', webhook: null },
  });
  return { id, route: HTTP_ROUTE, request };
}

/** Finds the stored envelope, as the stage `fetch` does. */
export function fetchStored(blobs: BlobStore, network: Network): StageHandler {
  return async ({ request }) => {
    const { input } = readInferenceRequest(request);
    if (input.kind !== 'blob') throw new Error('these jobs have their input in the blob store');
    const text = new TextDecoder().decode(await blobs.get(input.sha256));
    const { words, inputSalt } = decodeEnvelope(text);
    const layouts = inputLayoutsOf(network);
    const inputHash = commitTensors(COMMITMENT_KIND.input, layouts, words, inputSalt);
    return { result: { envelope: input.sha256, inputHash: `${inputHash}` } };
  };
}
