/**
 * Examines confirmed requests: makes jobs of those that are worth it, notes why others are skipped,
 * and looks at these again while they are open. A request with a job stays admitted.
 */
import { binder, encodeEnvelope, InputError, type Logger, OPEN_SALT } from '@zkinfer/core';
import { ENVELOPE_URI_PREFIX } from '@zkinfer/core/service';
import { RequestStatus } from '@zkinfer/verifier-contracts';
import type { CostModel } from '../admission/cost-model.ts';
import {
  type Conditions,
  decideAdmission,
  requiredWorth,
  SKIP_CODES,
} from '../admission/decide-admission.ts';
import type { Prices } from '../admission/prices.ts';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { EndpointSelector } from '../chain/endpoint-selector.ts';
import { gasPriceOf } from '../chain/fees.ts';
import {
  type InferenceRequest,
  type InputReference,
  writeInferenceRequest,
} from '../jobs/inference-request.ts';
import { chainJobId } from '../jobs/job-ids.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import { CHAIN_ROUTE } from '../jobs/stages.ts';
import type { CoprocessorReader } from './coprocessor-reader.ts';
import { isUndoable } from './is-undoable.ts';
import type { JudgedModel, ProvableModel, RegisteredModels } from './registered-models.ts';
import type { RequestBook } from './request-book.ts';
import type { RequestRecord } from './request-record.ts';
import type { SettlementPolicy } from './settlement-policy.ts';

/** What a desk works with. */
export interface AdmissionDeskParts {
  readonly chainId: bigint;
  readonly pipeline: Pipeline;
  readonly blobs: BlobStore;
  readonly node: EndpointSelector;
  readonly reader: CoprocessorReader;
  readonly book: RequestBook;
  readonly models: RegisteredModels;
  readonly costs: CostModel;
  readonly prices: Prices;
  readonly policy: SettlementPolicy;
  /** Who is paid. */
  readonly payee: string;
  readonly logger: Logger;
  readonly now: () => number;
}

/** The least that would be admitted now. */
export interface LeastOffer {
  readonly workerFee: bigint;
  /** Unix seconds, by the chain's clock. */
  readonly earliestDeadline: number;
}

/** Requests that are examined together. */
const AT_A_TIME = 16;

/** Of one round: a flood of requests must not keep the follower from following. */
const MOST_PER_ROUND = 200;

const LATEST_REEXAMINATION_MS = 10 * 60_000;

/** Inline words are in the job itself up to so many characters, beyond that in the blob store. */
const LARGEST_INLINE = 2_000;

const LARGEST_URI = 2_048;

/** Where one decides what the service works on. */
export class AdmissionDesk {
  readonly #parts: AdmissionDeskParts;
  /** When what was skipped was last looked through. */
  #lookedAgainAt = Number.NEGATIVE_INFINITY;

  constructor(parts: AdmissionDeskParts) {
    this.#parts = parts;
  }

  /** Examines what is open, and of what was skipped what is due. @throws as `onChain` */
  async round(): Promise<void> {
    const { book } = this.#parts;
    const due: RequestRecord[] = [];
    for await (const record of book.list('open', MOST_PER_ROUND)) due.push(record);
    due.push(...(await this.#dueAgain(MOST_PER_ROUND - due.length)));
    for (let from = 0; from < due.length; from += AT_A_TIME) {
      await Promise.all(due.slice(from, from + AT_A_TIME).map((record) => this.#examine(record)));
    }
  }

  /** What a request of a model would have to offer now, without a callback. @throws as `onChain` */
  async leastOffer(model: ProvableModel): Promise<LeastOffer> {
    const conditions = await this.#conditions(model);
    const none = { callbackGasLimit: 0n, callbackGasPrice: 0n };
    const worth = requiredWorth(none, conditions) - conditions.prices.subsidy;
    const neededMs = conditions.expectedMs * conditions.safety;
    const chainTime = await this.#parts.reader.chainTime();
    return {
      workerFee: worth > 0n ? worth : 0n,
      earliestDeadline: chainTime + Math.ceil(neededMs / 1000),
    };
  }

  /** Of what was skipped, at most so many. */
  async #dueAgain(limit: number): Promise<RequestRecord[]> {
    const { book, policy, now } = this.#parts;
    const due: RequestRecord[] = [];
    if (now() - this.#lookedAgainAt < policy.reexamineMs) return due;
    for await (const record of book.list('skipped')) {
      if (due.length === limit) return due;
      if (record.examineAt <= now()) due.push(record);
    }
    this.#lookedAgainAt = now();
    return due;
  }

  async #examine(record: RequestRecord): Promise<void> {
    const { pipeline, chainId, models } = this.#parts;
    const job = await pipeline.get(chainJobId(chainId, record.requestId));
    if (job !== undefined) {
      await this.#resume(record, job);
      return;
    }
    const judged = await models.judge(record.modelId);
    const leftMs = await this.#decide(record, judged);
    if (leftMs === undefined) return;
    try {
      await this.#admit(record, judged.model!, leftMs);
    } catch (error) {
      // Whatever somebody writes into a request, the others are served.
      if (!(error instanceof InputError)) throw error;
      await this.#skip(record, error.code, leftMs);
    }
  }

  /** Milliseconds until the deadline of a request that is admitted; undefined for others. */
  async #decide(
    record: RequestRecord,
    { standing, model }: JudgedModel,
  ): Promise<number | undefined> {
    const { reader } = this.#parts;
    const request = await reader.request(record.requestId);
    // A machine that does not have the request yet lags behind.
    if (request === undefined) return undefined;
    const leftMs = await reader.timeLeftMs(record.requestId);
    const isOpen = request.status === RequestStatus.Open;
    const { token, workerFee, callbackGasLimit, callbackGasPrice } = request;
    const offer = { token, workerFee, callbackGasLimit, callbackGasPrice };
    const candidate = { ...offer, isOpen, model: standing, hasInput: hasInput(record), leftMs };
    const decision =
      model === undefined
        ? ({ admitted: false, code: SKIP_CODES.modelUnknown } as const)
        : decideAdmission(candidate, await this.#conditions(model));
    if (decision.admitted) return leftMs;
    await this.#skip(record, decision.code, leftMs);
    return undefined;
  }

  async #conditions(model: ProvableModel): Promise<Conditions> {
    const { costs, chainId, node, prices, policy } = this.#parts;
    const { waitMs, inferMs, proveMs } = (await costs.expectation(model.modelDigest))!;
    const [head, priorityFeePerGas] = await Promise.all([node.head(), node.priorityFee()]);
    const market = { baseFeePerGas: head.baseFeePerGas, priorityFeePerGas };
    return {
      expectedMs: waitMs + inferMs + proveMs + policy.settleMs,
      workMs: inferMs + proveMs,
      gasPrice: gasPriceOf(market),
      fulfilGas: await costs.fulfilGas(chainId),
      prices,
      safety: policy.deadlineSafety,
    };
  }

  async #admit(record: RequestRecord, model: ProvableModel, leftMs: number): Promise<void> {
    const { pipeline, chainId, book, logger, now } = this.#parts;
    const { requestId } = record;
    const id = chainJobId(chainId, requestId);
    const request = await this.#requestOf(record, model);
    const submission = { id, route: CHAIN_ROUTE, request: writeInferenceRequest(request) };
    await pipeline.submit({ ...submission, deadlineMs: now() + leftMs });
    // Crashed before this, it finds the job.
    await book.change(requestId, (current) => admitted(current));
    logger.info({ jobId: id, modelDigest: model.modelDigest }, 'a request is admitted');
  }

  async #requestOf(
    record: RequestRecord,
    { modelDigest }: ProvableModel,
  ): Promise<InferenceRequest> {
    const { chainId, reader, payee } = this.#parts;
    const { requestId, modelId, inputHash, delivery, callbackGasLimit } = record;
    const { coprocessor } = reader;
    const bound = binder({ chainId, coprocessor, requestId, modelId, payee });
    return {
      modelDigest,
      input: await this.#inputOf(record, modelDigest),
      binder: String(bound),
      chain: {
        chainId: String(chainId),
        ...{ coprocessor, requestId, modelId, payee, inputHash, delivery },
        hasCallback: callbackGasLimit !== '0',
      },
      http: null,
    };
  }

  async #inputOf({ inputWords, inputUri }: RequestRecord, modelDigest: string) {
    if (inputWords.length === 0) return { kind: 'uri', uri: inputUri } satisfies InputReference;
    const inline: InputReference = { kind: 'words', words: inputWords };
    if (JSON.stringify(inputWords).length <= LARGEST_INLINE) return inline;
    const envelope = {
      version: 1,
      modelDigest,
      words: inputWords.map(BigInt),
      inputSalt: OPEN_SALT,
    } as const;
    const sha256 = await this.#parts.blobs.put(Buffer.from(encodeEnvelope(envelope)));
    return { kind: 'blob', sha256 } satisfies InputReference;
  }

  /** Of a request that has a job: its end may have been undone with a block. */
  async #resume({ requestId }: RequestRecord, job: JobRecord): Promise<void> {
    const { pipeline, book, logger } = this.#parts;
    if (isUndoable(job.outcome)) {
      await pipeline.reopen(job.id, job.results.prove === undefined ? job.stage : 'settle');
      logger.warn({ jobId: job.id }, 'a job is open again');
    }
    await book.change(requestId, (current) => admitted(current));
  }

  async #skip({ requestId }: RequestRecord, code: string, leftMs: number): Promise<void> {
    const { book, policy, logger, now } = this.#parts;
    await book.change(requestId, (current) => {
      if (current.state !== 'open' && current.state !== 'skipped') return undefined;
      const examinations = current.examinations + 1;
      const delay = policy.reexamineMs * 2 ** Math.min(current.examinations, 20);
      const examineAt = now() + Math.min(delay, LATEST_REEXAMINATION_MS);
      const state = leftMs < 0 ? 'lapsed' : 'skipped';
      return { ...current, state, code, examinations, examineAt };
    });
    logger.info({ requestId, code }, 'a request is skipped');
  }
}

function admitted(record: RequestRecord): RequestRecord | undefined {
  if (record.state !== 'open' && record.state !== 'skipped') return undefined;
  return { ...record, state: 'admitted', code: null };
}

/** Words, or a URI of a kind that the service fetches: printable ASCII, as RFC 3986 has it. */
function hasInput({ inputWords, inputUri }: RequestRecord): boolean {
  if (inputWords.length > 0) return true;
  const isKnown = inputUri.startsWith('https://') || inputUri.startsWith(ENVELOPE_URI_PREFIX);
  return isKnown && inputUri.length <= LARGEST_URI && /^[!-~]*$/.test(inputUri);
}
