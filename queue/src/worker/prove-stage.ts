/** The stage `prove`: computes the witness, proves, verifies. */
import { canonicalJson } from '@zkinfer/core';
import type { BlobStore } from '../artifacts/blob-store.ts';
import { type ProofBlob, requireStageResult, type StageResults } from '../jobs/stage-results.ts';
import type { StageHandler } from '../jobs/stage-worker.ts';
import { type ModelStageOptions, modelStage } from './model-stage.ts';
import type { ProvingProcesses } from './proving-processes.ts';

/** What the stage works with. */
export interface ProveStageOptions extends ModelStageOptions {
  readonly proving: Pick<ProvingProcesses, 'prove'>;
  readonly blobs: BlobStore;
  readonly workerId: string;
}

/** The handler of `prove`: the proof goes into the blob store, its digest on. */
export function proveStage(options: ProveStageOptions): StageHandler {
  const { proving, blobs, workerId } = options;
  return modelStage(options, async ({ task, request, place, signal, onProgress }) => {
    const { envelope: digest, inputHash } = requireStageResult(task.results, 'fetch');
    const { outputHash } = requireStageResult(task.results, 'infer');
    const envelope = new TextDecoder().decode(await blobs.get(digest, { signal }));
    const call = { place, envelope, binder: request.binder, inputHash, outputHash };
    const proved = await proving.prove(call, { signal, onProgress });
    const { publicSignals, engine, witnessMs, proofMs } = proved;
    const blob = {
      version: 1,
      proof: { ...proved.proof },
      publicSignals: [...publicSignals],
    } satisfies ProofBlob;
    const proof = await blobs.put(new TextEncoder().encode(canonicalJson(blob)), { signal });
    const result: StageResults['prove'] = {
      proof,
      engine,
      witnessMs,
      proofMs,
      worker: workerId,
    };
    return { result };
  });
}
