/** The `fetch` stage: from where an input is said to be to an envelope that opens inputHash. */
import {
  COMMITMENT_KIND,
  commitTensors,
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  InputError,
  OPEN_SALT,
  parseFieldElement,
  wordCount,
} from '@zkinfer/core';
import { inputLayouts, type ModelDescription } from '@zkinfer/core/service';
import { type BlobStore, LARGEST_BLOB_BYTES } from '../artifacts/blob-store.ts';
import { unknownModel } from '../artifacts/model-files.ts';
import type { UrlFetcher } from '../fetch-url/url-fetcher.ts';
import {
  type InferenceRequest,
  readInferenceRequest,
  storedInputHash,
} from '../jobs/inference-request.ts';
import type { StageContext, StageHandler } from '../jobs/stage-worker.ts';
import type { EnvelopeShelf } from './envelope-shelf.ts';
import { HostSlots } from './host-slots.ts';
import { missingEnvelope, noEnvelope, otherInput, otherModel } from './input-errors.ts';

/** What is known about the models that are served. */
export interface InputModels {
  get(modelDigest: string): Promise<Pick<ModelDescription, 'inputs'> | undefined>;
}

/** What inputs come from and go to. */
export interface FetchInputOptions {
  readonly blobs: BlobStore;
  readonly models: InputModels;
  readonly urls: Pick<UrlFetcher, 'get'>;
  readonly shelf: Pick<EnvelopeShelf, 'find'>;
  /** Fewer than the stage does tasks at a time: the rest is for inputs that are here already. */
  readonly hosts?: HostSlots;
}

/** A word has 77 digits at most; quotes, comma and indentation come to it. */
const MOST_BYTES_PER_WORD = 100;
const MOST_BYTES_BESIDES = 4096;

/**
 * A handler whose result is a FetchResult. Another model, words that are not this model's, another
 * hash, a malformed or oversized envelope and refused URLs are fatal; hosts that cannot be reached
 * and envelopes that are still to come are not.
 * @throws (the handler) InputError QUEUE_INPUT_MODEL, QUEUE_INPUT_HASH, QUEUE_INPUT_MALFORMED,
 *   QUEUE_MODEL_UNKNOWN, QUEUE_BLOB_UNKNOWN, CORE_WORD_*, CORE_FIELD_ELEMENT_*, CORE_SCHEMA,
 *   QUEUE_URL_*; EnvironmentError QUEUE_INPUT_MISSING, QUEUE_ARTIFACTS_UNAVAILABLE, QUEUE_URL_*
 */
export function fetchInputHandler(options: FetchInputOptions): StageHandler {
  const sources = { ...options, hosts: options.hosts ?? new HostSlots() };
  return async (task, { signal, handBack }) => {
    const request = readInferenceRequest(task.request);
    const { modelDigest, chain } = request;
    const model = await options.models.get(modelDigest);
    if (model === undefined) throw unknownModel(modelDigest);
    const layouts = inputLayouts(model);
    const largestBytes = MOST_BYTES_PER_WORD * wordCount(layouts) + MOST_BYTES_BESIDES;
    const envelope = await findEnvelope(request, sources, { largestBytes, signal, handBack });
    if (envelope.modelDigest !== modelDigest) throw otherModel(envelope.modelDigest, modelDigest);
    const { words, inputSalt } = envelope;
    const inputHash = commitTensors(COMMITMENT_KIND.input, layouts, words, inputSalt);
    if (chain !== null && `${inputHash}` !== chain.inputHash) throw otherInput();
    // Once more for what was a blob before: it stays as long as the job from now on.
    const bytes = new TextEncoder().encode(encodeEnvelope(envelope));
    const blob = await options.blobs.put(bytes, { signal });
    return { result: { envelope: blob, inputHash: `${inputHash}` } };
  };
}

interface Limits extends Pick<StageContext, 'signal' | 'handBack'> {
  readonly largestBytes: number;
}

async function findEnvelope(
  { modelDigest, input }: InferenceRequest,
  sources: Required<FetchInputOptions>,
  limits: Limits,
): Promise<Envelope> {
  const { blobs, shelf } = sources;
  if (input.kind === 'words') return inlineEnvelope(modelDigest, input.words);
  if (input.kind === 'blob') return readEnvelope(await blobs.get(input.sha256, limits));
  const stored = storedInputHash(input.uri);
  if (stored === undefined) return readEnvelope(await fetchFrom(input.uri, sources, limits));
  const blob = await shelf.find(parseFieldElement(stored, 'the stored input'), modelDigest);
  if (blob === undefined) throw missingEnvelope();
  return readEnvelope(await blobs.get(blob, limits));
}

/** In its turn: where its host has others to answer, the task waits elsewhere. */
async function fetchFrom(
  uri: string,
  { urls, hosts }: Required<FetchInputOptions>,
  { largestBytes, signal, handBack }: Limits,
): Promise<Uint8Array> {
  const slot = hosts.enter(URL.canParse(uri) ? new URL(uri).host : '');
  if (!slot.isFree) return handBack(slot.retryMs);
  try {
    return await urls.get(uri, {
      largestBytes: Math.min(largestBytes, LARGEST_BLOB_BYTES),
      signal,
    });
  } finally {
    slot.leave();
  }
}

/** What a request on chain carries itself is for everyone to read. */
function inlineEnvelope(modelDigest: string, words: readonly string[]): Envelope {
  return {
    version: 1,
    modelDigest,
    words: words.map((word, i) => parseFieldElement(word, `word ${i}`)),
    inputSalt: OPEN_SALT,
  };
}

/** @throws InputError QUEUE_INPUT_MALFORMED */
function readEnvelope(bytes: Uint8Array): Envelope {
  try {
    return decodeEnvelope(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw cause instanceof InputError ? noEnvelope(cause) : cause;
  }
}
