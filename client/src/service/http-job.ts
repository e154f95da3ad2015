/** A job over HTTP: followed by server-sent events, its answer checked here. */
import { parseFieldElement } from '@zkinfer/core';
import type { JobResult, JobView } from '@zkinfer/core/service';
import { openOutput } from '../answer/open-output.ts';
import { verify } from '../answer/verify.ts';
import { awaitEnd } from '../job/await-end.ts';
import type { InferenceJob, JobUpdate, ProvedAnswer } from '../job/inference-job.ts';
import type { CallOptions, WaitOptions } from '../job/within-time.ts';
import type { Model } from '../model/open-model.ts';
import { followJob } from './follow-job.ts';

/** What an answer is checked against and opened with. Holds the salt: keep it as you keep the input. */
export interface AskedInference {
  readonly model: Model;
  readonly inputHash: bigint;
  readonly inputSalt: bigint;
  /** 0 by default. */
  readonly binder?: bigint;
}

/** A checked answer, and all that the service told. */
export interface HttpAnswer extends ProvedAnswer {
  readonly result: JobResult;
}

/** What a job needs of its service. */
export interface JobService {
  view(id: string, options?: CallOptions): Promise<JobView>;
  stream(id: string, options: Required<CallOptions>): Promise<ReadableStream<Uint8Array>>;
  result(id: string, options?: CallOptions): Promise<JobResult>;
  cancel(id: string, options?: CallOptions): Promise<JobView>;
}

/** A job of a service. */
export class HttpJob implements InferenceJob<HttpAnswer> {
  readonly id: string;
  readonly asked: AskedInference;
  readonly #service: JobService;

  /** @internal See `ServiceClient.job`. */
  constructor(service: JobService, id: string, asked: AskedInference) {
    this.#service = service;
    this.id = id;
    this.asked = asked;
  }

  async *updates({ signal }: CallOptions = {}): AsyncGenerator<JobUpdate> {
    const { id } = this;
    const service = this.#service;
    const source = {
      view: (signal: AbortSignal) => service.view(id, { signal }),
      stream: (signal: AbortSignal) => service.stream(id, { signal }),
    };
    const views = followJob(source, signal ?? new AbortController().signal);
    for await (const view of views) yield updateOf(view);
  }

  waitForResult(options?: WaitOptions): Promise<HttpAnswer> {
    return awaitEnd(this, options);
  }

  async result(options: CallOptions = {}): Promise<HttpAnswer> {
    const { model, inputSalt } = this.asked;
    const result = await this.#service.result(this.id, options);
    const signals = verify(model, result, this.asked);
    const outputWords = result.outputWords.map((word, i) =>
      parseFieldElement(word, `output word ${i}`),
    );
    const { outputHash } = signals;
    const outputs = openOutput(model, { outputHash, inputSalt, outputWords });
    return { outputs, outputWords, signals, proof: result.proof, result };
  }

  /** Asks the service to give the job up; `updates` tell how it ended. */
  cancel(options: CallOptions = {}): Promise<JobView> {
    return this.#service.cancel(this.id, options);
  }
}

/** A view as an update of any job. */
export function updateOf(view: JobView): JobUpdate {
  const { status, stage, progress, outcomeCode } = view;
  return { status, stage, progress, outcomeCode, view };
}
