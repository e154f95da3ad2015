/**
 * Typed entries of a store: every record carries the version of its form, and is checked when it is
 * read, so that a damaged or newer store is noticed before anything is done with it.
 */
import { IntegrityError, readInteger, readObject } from '@zkinfer/core';
import type { JsonObject } from '../json-value.ts';
import type { ListOptions, Store, Stored, StoreOperation } from './store.ts';

/** A kind of record. Its entries have the keys `<name>/<id>`. */
export interface RecordKind<T> {
  readonly name: string;
  /** The version of the form that `write` gives, ≥ 1. */
  readonly form: number;
  write(record: T): JsonObject;
  /**
   * The record of a stored form, at most the current one; older ones are brought up to date here.
   * @throws InputError for data of another shape, as core's JSON readers do
   */
  read(data: unknown, path: string, form: number): T;
}

/** A record as stored, with the version that `ifVersion` takes. */
export interface StoredRecord<T> {
  readonly id: string;
  readonly record: T;
  readonly version: number;
}

/** The records of a kind in a store. */
export class Records<T> {
  readonly #store: Store;
  readonly #kind: RecordKind<T>;

  constructor(store: Store, kind: RecordKind<T>) {
    this.#store = store;
    this.#kind = kind;
  }

  /** @throws IntegrityError QUEUE_RECORD_MALFORMED, QUEUE_RECORD_FORM; the store's errors */
  async get(id: string): Promise<StoredRecord<T> | undefined> {
    const stored = await this.#store.get(this.#keyOf(id));
    return stored === undefined ? undefined : this.#decode(id, stored);
  }

  /** All of the kind, ordered by id; ids beginning with `prefix` if given. @throws as `get` */
  async *list(prefix = '', options: ListOptions = {}): AsyncGenerator<StoredRecord<T>> {
    const { after, ...rest } = options;
    const start = after === undefined ? {} : { after: this.#keyOf(after) };
    for await (const entry of this.#store.list(this.#keyOf(prefix), { ...rest, ...start })) {
      yield this.#decode(entry.key.slice(this.#keyOf('').length), entry);
    }
  }

  /** The operation that stores a record. */
  put(id: string, record: T, ifVersion?: number): StoreOperation {
    const value = { form: this.#kind.form, data: this.#kind.write(record) };
    const condition = ifVersion === undefined ? {} : { ifVersion };
    return { type: 'put', key: this.#keyOf(id), value, ...condition };
  }

  /** The operation that deletes a record. */
  delete(id: string, ifVersion?: number): StoreOperation {
    const condition = ifVersion === undefined ? {} : { ifVersion };
    return { type: 'delete', key: this.#keyOf(id), ...condition };
  }

  #keyOf(id: string): string {
    return `${this.#kind.name}/${id}`;
  }

  #decode(id: string, { value, version }: Stored): StoredRecord<T> {
    const path = this.#keyOf(id);
    try {
      const { form, data } = readObject(value, path, ['form', 'data']);
      const formNumber = readInteger(form, `${path}.form`, 1);
      this.#requireKnown(path, formNumber);
      return { id, record: this.#kind.read(data, `${path}.data`, formNumber), version };
    } catch (cause) {
      if (cause instanceof IntegrityError) throw cause;
      throw new IntegrityError({
        code: 'QUEUE_RECORD_MALFORMED',
        what: `the stored record ${path} is not what was written`,
        hint: 'Restore the store from a backup.',
        cause,
      });
    }
  }

  #requireKnown(path: string, form: number): void {
    if (form <= this.#kind.form) return;
    throw new IntegrityError({
      code: 'QUEUE_RECORD_FORM',
      what: `the stored record ${path} was written by a newer version of zkinfer`,
      got: `form ${form}`,
      expected: `form ${this.#kind.form} or less`,
    });
  }
}
