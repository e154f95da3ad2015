/** A small HTTP service for tests: holds requests to the schemas, and can be made to lie and fail. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeEnvelope, type ProofJson } from '@zkinfer/core';
import {
  ENVELOPE_URI_PREFIX,
  EnvelopeSchema,
  JobSubmissionSchema,
  type JobView,
  type ModelDescription,
  QuoteRequestSchema,
  readOutputWords,
  readSchema,
} from '@zkinfer/core/service';
import { answerOf, type TestAnswer } from './test-model.ts';

/** An answer in full. */
export interface FixtureAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is a text. */
  readonly body: unknown;
}

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Prove = (signals: readonly bigint[]) => Promise<ProofJson>;

interface FixtureJob {
  view: JobView;
  readonly submission: string;
  readonly answer: TestAnswer;
  readonly binder: bigint;
}

/** Serves one model. `close` it in the end. */
export class FixtureService implements AsyncDisposable {
  readonly url: string;
  /** All that came, in order. */
  readonly seen: SeenRequest[] = [];
  /** Replaces or spoils an answer; undefined leaves it. */
  spoil: (request: SeenRequest, answer: FixtureAnswer) => FixtureAnswer | undefined = () =>
    undefined;
  /** Answers in place of the service, before anything is done. */
  refuse: (request: SeenRequest) => FixtureAnswer | 'hang' | 'drop' | undefined = () => undefined;
  /** Whether updates are streamed; 404 without. */
  streams = true;
  /** What is quoted for the chains. */
  quotedChains: readonly object[] = [];
  readonly #server: Server;
  readonly #model: ModelDescription;
  readonly #prove: Prove;
  readonly #jobs = new Map<string, FixtureJob>();
  readonly #listeners = new Map<string, Set<ServerResponse>>();

  private constructor(server: Server, model: ModelDescription, prove: Prove) {
    this.#server = server;
    this.#model = model;
    this.#prove = prove;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Listens on a free port of this machine. */
  static async start(model: ModelDescription, prove: Prove): Promise<FixtureService> {
    const server = createServer((request, response) => {
      service.#handle(request, response).catch((error: unknown) => {
        answer(response, refusal(500, 'FIXTURE_FAILED', String(error)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const service = new FixtureService(server, model, prove);
    return service;
  }

  /** Changes a job and tells its listeners. */
  advance(id: string, changes: Partial<JobView>): void {
    const job = this.#jobs.get(id)!;
    job.view = { ...job.view, ...changes, updatedAt: job.view.updatedAt + 1 };
    for (const listener of this.#listeners.get(id) ?? []) {
      listener.write(`: a comment\n\ndata: ${JSON.stringify(job.view)}\n\n`);
      if (job.view.status !== 'active') listener.end();
    }
  }

  /** Ends a job with its proof. */
  finish(id: string): void {
    const outputHash = String(this.#jobs.get(id)!.answer.outputHash);
    const changes = { stage: 'prove', progress: null, outcomeCode: 'QUEUE_DONE' } as const;
    this.advance(id, { ...changes, status: 'done', hasProof: true, outputHash });
  }

  /** Cuts all streams off. */
  dropStreams(): void {
    for (const listeners of this.#listeners.values()) {
      for (const listener of listeners) listener.destroy();
    }
  }

  /** Streams that are open now. */
  get openStreams(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** How often a path was asked for. */
  count(pattern: RegExp): number {
    return this.seen.filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;
  }

  /** Makes a job of a request on chain. */
  addChainJob(requestId: string, envelope: Parameters<typeof answerOf>[1], binder: bigint): string {
    const answer = answerOf(this.#model, envelope);
    const id = `r-31337-${requestId.slice(2)}`;
    this.#jobs.set(id, { view: this.#view(id, answer), submission: '', answer, binder });
    return id;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const { method = '', url: path = '', headers } = incoming;
    const request: SeenRequest = { method, path, headers, body };
    this.seen.push(request);
    response.setHeader('access-control-allow-origin', '*');
    const cors = 'authorization, content-type, idempotency-key';
    response.setHeader('access-control-allow-headers', cors);
    if (method === 'OPTIONS') return void response.writeHead(204).end();
    const refused = this.refuse(request);
    if (refused === 'hang') return;
    if (refused === 'drop') return void response.destroy();
    if (refused !== undefined) return answer(response, refused);
    const stream = /^\/v1\/jobs\/([^/]+)\/updates$/.exec(path);
    if (stream !== null && this.streams) return this.#stream(stream[1]!, response);
    const normal = await this.#route(request);
    answer(response, this.spoil(request, normal) ?? normal);
  }

  async #route(request: SeenRequest): Promise<FixtureAnswer> {
    const { method, path, body, headers } = request;
    const [, , kind, id, part] = path.split('/');
    if (headers.authorization !== 'Bearer test-key') return refusal(401, 'QUEUE_API_KEY', 'no key');
    if (kind === 'models') {
      if (id === undefined) return ok([this.#model]);
      return id === this.#model.modelDigest ? ok(this.#model) : refusal(404, 'QUEUE_MODEL', 'none');
    }
    if (kind === 'quotes') return ok(this.#quote(body));
    if (kind === 'envelopes') return ok(this.#store(body));
    if (kind === 'requests') return this.#answerJob(`r-${id}-${part!.slice(2)}`);
    if (method === 'POST' && id === undefined) return this.#submit(request);
    if (part === 'result') return ok(await this.#result(id!));
    if (part === 'cancel')
      this.advance(id!, { status: 'cancelled', outcomeCode: 'QUEUE_CANCELLED' });
    if (part === undefined || part === 'cancel') return this.#answerJob(id!);
    return refusal(404, 'QUEUE_PATH', 'no such path');
  }

  #answerJob(id: string): FixtureAnswer {
    const job = this.#jobs.get(id);
    return job === undefined ? refusal(404, 'QUEUE_JOB_UNKNOWN', 'no such job') : ok(job.view);
  }

  #quote(body: string): object {
    const { modelDigest } = readSchema(QuoteRequestSchema, JSON.parse(body), 'a quote');
    const times = { expectedMs: 10, proofMs: 5, waitingJobs: 0, validUntil: Date.now() + 60_000 };
    return { modelDigest, ...times, chains: this.quotedChains };
  }

  #store(body: string): object {
    readSchema(EnvelopeSchema, JSON.parse(body), 'an envelope');
    const { inputHash } = answerOf(this.#model, decodeEnvelope(body));
    return { inputHash: String(inputHash), uri: `${ENVELOPE_URI_PREFIX}${inputHash}` };
  }

  #submit({ body, headers }: SeenRequest): FixtureAnswer {
    const submission = readSchema(JobSubmissionSchema, JSON.parse(body), 'a submission');
    const id = `h-${headers['idempotency-key']}`;
    const before = this.#jobs.get(id);
    if (before !== undefined && before.submission !== body) {
      return refusal(409, 'QUEUE_IDEMPOTENCY_KEY', 'used for another job');
    }
    if (before === undefined) {
      if (!('envelope' in submission.input)) return refusal(400, 'FIXTURE_REALS', 'no envelope');
      const envelope = decodeEnvelope(JSON.stringify(submission.input.envelope));
      const answer = answerOf(this.#model, envelope);
      const binder = BigInt(submission.binder ?? 0);
      this.#jobs.set(id, { view: this.#view(id, answer), submission: body, answer, binder });
    }
    return ok(this.#jobs.get(id)!.view);
  }

  async #result(id: string): Promise<object> {
    const { answer, binder } = this.#jobs.get(id)!;
    const signals = [answer.outputHash, answer.inputHash, binder];
    return {
      jobId: id,
      modelDigest: this.#model.modelDigest,
      proof: await this.#prove(signals),
      publicSignals: signals.map(String),
      outputs: readOutputWords(this.#model, answer.outputWords),
      outputWords: answer.outputWords.map(String),
      outputSalt: String(answer.outputSalt),
      ...{ engine: 'simulated', backend: 'none', inferenceMs: 1, witnessMs: 1, proofMs: 1 },
    };
  }

  #view(id: string, { inputHash }: TestAnswer): JobView {
    const now = Date.now();
    return {
      ...{ id, modelDigest: this.#model.modelDigest, status: 'active', stage: 'infer' },
      ...{ route: ['fetch', 'infer', 'prove'], attempt: 1, progress: null, deadline: null },
      ...{ createdAt: now, updatedAt: now, inputHash: String(inputHash), outputHash: null },
      ...{ hasProof: false, outcomeCode: null, events: [], chain: null },
    };
  }

  #stream(id: string, response: ServerResponse): void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(response));
    response.once('close', () => listeners.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const { view } = this.#jobs.get(id)!;
    response.write(`data: ${JSON.stringify(view)}\n\n`);
    if (view.status !== 'active') response.end();
  }
}

/** A refusal as the service tells it. */
export function refusal(status: number, code: string, what: string): FixtureAnswer {
  return { status, body: { error: { code, what } } };
}

function ok(body: unknown): FixtureAnswer {
  return { status: 200, body };
}

function answer(response: ServerResponse, { status, headers, body }: FixtureAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
