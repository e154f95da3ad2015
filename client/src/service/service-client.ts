/** The HTTP service as a client sees it: a method for each of its answers. */
import { type Envelope, encodeEnvelope, IntegrityError, readArray } from '@zkinfer/core';
import {
  type JobResult,
  JobResultSchema,
  type JobView,
  JobViewSchema,
  type ModelDescription,
  ModelDescriptionSchema,
  type Quote,
  QuoteSchema,
  readSchema,
  type StoredEnvelope,
  StoredEnvelopeSchema,
  servicePath,
} from '@zkinfer/core/service';
import { type PrepareOptions, prepareInput, type Reals } from '../input/prepare-input.ts';
import type { CallOptions } from '../job/within-time.ts';
import { type Model, type ModelTrust, openModel } from '../model/open-model.ts';
import { type AskedInference, HttpJob, type JobService } from './http-job.ts';
import { HttpTransport, type TransportOptions } from './http-transport.ts';
import { unusableAnswer } from './service-refusal.ts';

/** What to ask for over HTTP. */
export interface Submission extends PrepareOptions {
  readonly model: Model;
  /** Reals as the float model takes them, or words and salt that were prepared before. */
  readonly input: Reals | Envelope;
  /** What the proof is to be bound to, in [0, r); 0 by default. */
  readonly binder?: bigint;
  /** Milliseconds since 1970, after which the job is given up. */
  readonly deadline?: number;
  /** Names the job: submitting twice under one key makes one job. Random by default. */
  readonly idempotencyKey?: string;
  /** https address where the job is posted when it has ended. */
  readonly webhook?: string;
  readonly signal?: AbortSignal;
}

/**
 * A service. All methods throw InputError or EnvironmentError with the service's code when it
 * refuses; EnvironmentError CLIENT_SERVICE_UNREACHABLE, CLIENT_SERVICE_ANSWER, CLIENT_TIMEOUT; and
 * the reason of a signal that is aborted.
 */
export class ServiceClient implements JobService {
  readonly #transport: HttpTransport;

  /** @throws InputError CLIENT_SERVICE_URL */
  constructor(options: TransportOptions) {
    this.#transport = new HttpTransport(options);
  }

  /** The models that it runs, as it describes them: to choose from, not to rely on. */
  models({ signal }: CallOptions = {}): Promise<ModelDescription[]> {
    const request = { method: 'GET', path: servicePath('models'), signal } as const;
    return this.#transport.json(request, (json) => readArray(json, 'models').map(readDescription));
  }

  /**
   * A model to ask, its description checked against a pin, or taken on the service's word.
   * @throws also IntegrityError CLIENT_MODEL_DIGEST, CLIENT_MODEL_PIN
   */
  async model(modelDigest: string, options: ModelTrust & CallOptions): Promise<Model> {
    const path = servicePath('model', { modelDigest });
    const request = { method: 'GET', path, signal: options.signal } as const;
    const described = await this.#transport.json(request, readDescription);
    requireModel(described.modelDigest, modelDigest);
    return openModel(described, options);
  }

  /** What a request would take and cost if it came now. */
  async quote(modelDigest: string, { signal }: CallOptions = {}): Promise<Quote> {
    const body = JSON.stringify({ modelDigest });
    const request = { method: 'POST', path: servicePath('quotes'), body, signal } as const;
    const quote = await this.#transport.json(request, readQuote);
    requireModel(quote.modelDigest, modelDigest);
    return quote;
  }

  /**
   * Quantises and salts the input here, and submits it. Safe to repeat with one idempotency key.
   * @throws also as `prepareInput`; IntegrityError CLIENT_MODEL_DIGEST
   */
  async submit(submission: Submission): Promise<HttpJob> {
    const { model, input, binder = 0n, deadline, webhook, signal } = submission;
    const { envelope, inputHash } = prepareInput(model, input, submission);
    const body = JSON.stringify({
      modelDigest: model.modelDigest,
      input: { envelope: JSON.parse(encodeEnvelope(envelope)) },
      ...(binder === 0n ? {} : { binder: String(binder) }),
      ...(deadline === undefined ? {} : { deadline }),
      ...(webhook === undefined ? {} : { webhook }),
    });
    const headers = { 'idempotency-key': submission.idempotencyKey ?? randomKey() };
    const request = { method: 'POST', path: servicePath('jobs'), body, headers, signal } as const;
    const view = await this.#transport.json(request, readView);
    requireModel(view.modelDigest, model.modelDigest);
    return this.job(view.id, { model, inputHash, inputSalt: envelope.inputSalt, binder });
  }

  /**
   * A job that was submitted before, perhaps by another process.
   * @param asked what its answer is checked against: `job.asked` of then
   */
  job(id: string, asked: AskedInference): HttpJob {
    return new HttpJob(this, id, asked);
  }

  /** A job as it stands. */
  async view(id: string, { signal }: CallOptions = {}): Promise<JobView> {
    const request = { method: 'GET', path: servicePath('job', { id }), signal } as const;
    return requireJob(await this.#transport.json(request, readView), id);
  }

  /** What a job gave, unchecked: `verify` and `openOutput` check it, `HttpJob.result` does both. */
  async result(id: string, { signal }: CallOptions = {}): Promise<JobResult> {
    const request = { method: 'GET', path: servicePath('jobResult', { id }), signal } as const;
    const result = await this.#transport.json(request, readResult);
    if (result.jobId !== id) throw unusableAnswer('the result of another job');
    return result;
  }

  /** Asks for a job to be given up; the view tells whether it was. */
  async cancel(id: string, { signal }: CallOptions = {}): Promise<JobView> {
    const request = { method: 'POST', path: servicePath('jobCancel', { id }), signal } as const;
    return requireJob(await this.#transport.json(request, readView), id);
  }

  /** A job's updates as server-sent events, each a view. */
  stream(id: string, { signal }: Required<CallOptions>): Promise<ReadableStream<Uint8Array>> {
    return this.#transport.events(servicePath('jobUpdates', { id }), signal);
  }

  /** The job of a request on chain. */
  requestView(chainId: bigint, requestId: string, { signal }: CallOptions = {}): Promise<JobView> {
    const path = servicePath('request', { chainId: String(chainId), requestId });
    return this.#transport.json({ method: 'GET', path, signal }, readView);
  }

  /**
   * Hands over words and salt for a request on chain, which then names the URI.
   * @param inputHash what the envelope opens, computed here
   * @throws also IntegrityError CLIENT_ENVELOPE_HASH if the service took it for another input
   */
  async storeEnvelope(
    envelope: Envelope,
    inputHash: bigint,
    { signal }: CallOptions = {},
  ): Promise<StoredEnvelope> {
    const body = encodeEnvelope(envelope);
    const request = { method: 'POST', path: servicePath('envelopes'), body, signal } as const;
    const stored = await this.#transport.json(request, readStored);
    if (stored.inputHash === String(inputHash)) return stored;
    throw new IntegrityError({
      code: 'CLIENT_ENVELOPE_HASH',
      what: 'the service took the envelope for another input',
      got: stored.inputHash,
      expected: String(inputHash),
    });
  }
}

const readDescription = (json: unknown) =>
  readSchema(ModelDescriptionSchema, json, 'a description of a model');
const readQuote = (json: unknown) => readSchema(QuoteSchema, json, 'a quote');
const readView = (json: unknown) => readSchema(JobViewSchema, json, 'a job');
const readResult = (json: unknown) => readSchema(JobResultSchema, json, 'a result');
const readStored = (json: unknown) => readSchema(StoredEnvelopeSchema, json, 'a stored envelope');

function requireModel(got: string, expected: string): void {
  if (got === expected) return;
  throw new IntegrityError({
    code: 'CLIENT_MODEL_DIGEST',
    what: 'the service answered about another model',
    got,
    expected,
  });
}

function requireJob(view: JobView, id: string): JobView {
  if (view.id === id) return view;
  throw unusableAnswer('another job');
}

/** 128 random bits. */
function randomKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
