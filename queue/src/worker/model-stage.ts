/**
 * What infer and prove have in common: a worker does the tasks of models that it serves, and hands
 * back those of others, also of models that it finds it cannot open: another worker may.
 */
import type { StageProgress } from '@zkinfer/core/service';
import { type InferenceRequest, readInferenceRequest } from '../jobs/inference-request.ts';
import type { StageTask } from '../jobs/stage-task.ts';
import type { StageHandler, StageResult } from '../jobs/stage-worker.ts';
import type { ModelPlace } from './open-served-model.ts';
import type { RunningLog } from './running-log.ts';
import type { ServedModels } from './served-models.ts';
import { UnusableModel } from './unusable-model.ts';

/** What the handlers of a worker share. */
export interface ModelStageOptions {
  readonly models: ServedModels;
  readonly log: RunningLog;
}

/** A task of a model that is here. */
export interface ModelTask {
  readonly task: StageTask;
  readonly request: InferenceRequest;
  readonly place: ModelPlace;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: StageProgress) => void;
}

/** Random, so that workers that do not serve a model do not pass its tasks to and fro in step. */
const HAND_BACK_MS = { least: 200, most: 2_000 };

/** A handler for tasks of models. */
export function modelStage(
  { models, log }: ModelStageOptions,
  work: (task: ModelTask) => Promise<StageResult>,
): StageHandler {
  return async (task, { signal, reportProgress, handBack }) => {
    const request = readInferenceRequest(task.request);
    const { modelDigest } = request;
    if (!models.serves(modelDigest)) handBack(handBackDelayMs());
    try {
      return await log.run(task, modelDigest, async (tell) => {
        const place = await models.find(modelDigest, signal);
        const onProgress = (progress: StageProgress) => {
          tell(progress);
          reportProgress(progress);
        };
        return work({ task, request, place, signal, onProgress });
      });
    } catch (error) {
      if (error instanceof UnusableModel) {
        models.setAside(error);
        return handBack(handBackDelayMs());
      }
      if (!signal.aborted) log.countFailure();
      throw error;
    }
  };
}

function handBackDelayMs(): number {
  const { least, most } = HAND_BACK_MS;
  return least + (most - least) * Math.random();
}
