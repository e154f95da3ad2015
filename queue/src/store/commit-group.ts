/**
 * Decides commits that are written together: each sees what those before it in the group have done,
 * so the outcome is that of one after the other.
 */
import { InputError } from '@zkinfer/core';
import type { JsonValue } from '../json-value.ts';
import { ABSENT, type CommitResult, type StoreOperation } from './store.ts';

/** The state of a key after a commit; undefined: deleted. */
export type KeyState = { readonly value: JsonValue; readonly version: number } | undefined;

/** What a group comes to. */
export interface DecidedGroup {
  /** For each commit of the group, in order. */
  readonly results: readonly CommitResult[];
  /** The new states of the keys that changed. */
  readonly changes: ReadonlyMap<string, KeyState>;
  /** The number of the last commit so far. */
  readonly lastVersion: number;
}

const KEY = /^[\x20-\x7e]+$/;

/** @throws InputError QUEUE_STORE_KEY */
export function requireKeys(operations: readonly StoreOperation[]): void {
  const wrong = operations.find(({ key }) => !KEY.test(key));
  if (wrong === undefined) return;
  const expected = 'one or more characters of printable ASCII';
  throw new InputError({ code: 'QUEUE_STORE_KEY', what: 'a key of the store', expected });
}

/** The keys whose versions a group's decision depends on. */
export function conditionalKeys(group: readonly (readonly StoreOperation[])[]): string[] {
  const conditional = group.flat().filter((operation) => operation.ifVersion !== undefined);
  return [...new Set(conditional.map(({ key }) => key))];
}

/**
 * @param versions of `conditionalKeys` before the group, absent ones left out
 * @param lastVersion the number of the last commit before the group
 */
export function decideGroup(
  group: readonly (readonly StoreOperation[])[],
  versions: ReadonlyMap<string, number>,
  lastVersion: number,
): DecidedGroup {
  const changes = new Map<string, KeyState>();
  const versionOf = (key: string) =>
    changes.has(key) ? (changes.get(key)?.version ?? ABSENT) : (versions.get(key) ?? ABSENT);
  let version = lastVersion;
  const results = group.map((operations): CommitResult => {
    const failed = operations.find(
      ({ key, ifVersion }) => ifVersion !== undefined && ifVersion !== versionOf(key),
    );
    if (failed !== undefined) return { committed: false, conflict: failed.key };
    version += 1;
    for (const operation of operations) {
      if (operation.type === 'put') changes.set(operation.key, { value: operation.value, version });
      if (operation.type === 'delete') changes.set(operation.key, undefined);
    }
    return { committed: true, version };
  });
  return { results, changes, lastVersion: version };
}
