/** The stage `infer`: runs the quantised network. */
import type { BlobStore } from '../artifacts/blob-store.ts';
import { requireStageResult, type StageResults } from '../jobs/stage-results.ts';
import type { StageHandler } from '../jobs/stage-worker.ts';
import type { InferenceProcesses } from './inference-processes.ts';
import { type ModelStageOptions, modelStage } from './model-stage.ts';

/** What the stage works with. */
export interface InferStageOptions extends ModelStageOptions {
  readonly inference: Pick<InferenceProcesses, 'infer'>;
  readonly blobs: BlobStore;
  readonly workerId: string;
  /** Told which backend runs a model. */
  readonly onBackend: (modelDigest: string, backend: string) => void;
}

/** The handler of `infer`: the output goes into the blob store, its digest and hash on. */
export function inferStage(options: InferStageOptions): StageHandler {
  const { inference, blobs, workerId, onBackend } = options;
  return modelStage(options, async ({ task, place, signal, onProgress }) => {
    const fetched = requireStageResult(task.results, 'fetch');
    const envelope = new TextDecoder().decode(await blobs.get(fetched.envelope, { signal }));
    onProgress({ step: 'run the network', done: 0 });
    const inferred = await inference.infer({ place, envelope }, { signal, onProgress });
    const { output, outputHash, backend, inferenceMs } = inferred;
    onBackend(place.modelDigest, backend);
    const result: StageResults['infer'] = {
      output: await blobs.put(new TextEncoder().encode(output), { signal }),
      outputHash,
      backend,
      inferenceMs,
      worker: workerId,
    };
    return { result };
  });
}
