/**
 * Envelopes that were given to the service before the request on chain that names them. Kept for a
 * while, by inputHash and model: of two models of one shape the same words have the same hash.
 */
import { type Envelope, EnvironmentError, encodeEnvelope } from '@zkinfer/core';
import {
  CLOSED,
  ENVELOPE_URI_PREFIX,
  HexDigestSchema,
  readSchema,
  TimeSchema,
} from '@zkinfer/core/service';
import Type, { type Static } from 'typebox';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { JsonObject } from '../json-value.ts';
import { type RecordKind, Records } from '../store/records.ts';
import { ABSENT, type Store } from '../store/store.ts';

/** What a shelf is made of. */
export interface EnvelopeShelfOptions {
  readonly store: Store;
  readonly blobs: BlobStore;
  /** All of them together, 4 GiB unless told. */
  readonly mostBytes?: number;
  /** 100,000 unless told. */
  readonly mostEnvelopes?: number;
}

const ShelvedSchema = Type.Object(
  { blob: HexDigestSchema, bytes: Type.Integer({ minimum: 0 }), keptAt: TimeSchema },
  CLOSED,
);

type Shelved = Static<typeof ShelvedSchema>;

const SHELVED: RecordKind<Shelved> = {
  name: 'envelope',
  form: 1,
  write: (shelved) => shelved as unknown as JsonObject,
  read: (data, path) => readSchema(ShelvedSchema, data, path),
};

const GIB = 2 ** 30;

/** Of one service. Its counts are in memory: one process at a time has it open. */
export class EnvelopeShelf {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #records: Records<Shelved>;
  readonly #most: { readonly bytes: number; readonly envelopes: number };
  #bytes = 0;
  #envelopes = 0;

  private constructor({ store, blobs, mostBytes, mostEnvelopes }: EnvelopeShelfOptions) {
    this.#store = store;
    this.#blobs = blobs;
    this.#records = new Records(store, SHELVED);
    this.#most = { bytes: mostBytes ?? 4 * GIB, envelopes: mostEnvelopes ?? 100_000 };
  }

  /** Counts what is there. @throws the store's errors */
  static async open(options: EnvelopeShelfOptions): Promise<EnvelopeShelf> {
    const shelf = new EnvelopeShelf(options);
    for await (const { record } of shelf.#records.list()) shelf.#count(record.bytes, 1);
    return shelf;
  }

  /**
   * Keeps an envelope, or keeps it anew.
   * @param inputHash what it commits to under its model, checked
   * @returns the URI by which a request on chain names it
   * @throws EnvironmentError QUEUE_SHELF_FULL; the errors of store and blobs
   */
  async keep(inputHash: bigint, envelope: Envelope): Promise<string> {
    const id = idOf(inputHash, envelope.modelDigest);
    const content = new TextEncoder().encode(encodeEnvelope(envelope));
    const before = await this.#records.get(id);
    // Counted before it is written: many at once must not pass the limit together.
    if (before === undefined) this.#reserve(content.length);
    let isNew = false;
    try {
      const blob = await this.#blobs.put(content);
      const record = { blob, bytes: content.length, keptAt: Date.now() };
      const put = this.#records.put(id, record, before?.version ?? ABSENT);
      // Where another call was faster, it has kept the same.
      const { committed } = await this.#store.commit([put]);
      isNew = committed && before === undefined;
    } finally {
      if (before === undefined && !isNew) this.#count(content.length, -1);
    }
    return `${ENVELOPE_URI_PREFIX}${inputHash}`;
  }

  /** The blob of an envelope that is kept. @throws the store's errors */
  async find(inputHash: bigint, modelDigest: string): Promise<string | undefined> {
    return (await this.#records.get(idOf(inputHash, modelDigest)))?.record.blob;
  }

  /** The blobs of all envelopes that are kept. @throws the store's errors */
  async *blobs(): AsyncGenerator<string> {
    for await (const { record } of this.#records.list()) yield record.blob;
  }

  /**
   * Forgets envelopes that were last given long ago; a job that has fetched one has its blob.
   * @returns how many
   * @throws the store's errors
   */
  async prune({ olderThanMs }: { readonly olderThanMs: number }): Promise<number> {
    const before = Date.now() - olderThanMs;
    let forgotten = 0;
    for await (const { id, record, version } of this.#records.list()) {
      if (record.keptAt >= before) continue;
      const { committed } = await this.#store.commit([this.#records.delete(id, version)]);
      if (!committed) continue;
      this.#count(record.bytes, -1);
      forgotten++;
    }
    return forgotten;
  }

  #reserve(bytes: number): void {
    const { bytes: mostBytes, envelopes: mostEnvelopes } = this.#most;
    if (this.#bytes + bytes > mostBytes || this.#envelopes >= mostEnvelopes) {
      throw new EnvironmentError({
        code: 'QUEUE_SHELF_FULL',
        what: 'the service keeps as many envelopes as it may',
        got: `${this.#envelopes} envelopes, ${this.#bytes} bytes`,
        expected: `at most ${mostEnvelopes} envelopes, ${mostBytes} bytes`,
        hint: 'Try again later: envelopes are forgotten after a while.',
      });
    }
    this.#count(bytes, 1);
  }

  #count(bytes: number, sign: 1 | -1): void {
    this.#bytes += sign * bytes;
    this.#envelopes += sign;
  }
}

function idOf(inputHash: bigint, modelDigest: string): string {
  return `${inputHash}-${modelDigest}`;
}
