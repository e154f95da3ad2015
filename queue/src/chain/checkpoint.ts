/** How far a chain was followed, as the store keeps it. */
import { readArray, readInteger, readObject, readString } from '@zkinfer/core';
import type { RecordKind } from '../store/records.ts';

/** A block that was in the chain when it was looked at. */
export interface Anchor {
  readonly number: number;
  readonly hash: string;
}

/** How far a contract's events were followed. */
export interface Checkpoint {
  /** Events of all blocks up to here were told of as confirmed; -1: of none. */
  readonly confirmedTo: number;
  /** The last blocks that it stood at, ascending: what reorganisations are noticed by. */
  readonly anchors: readonly Anchor[];
  /** Blocks that the node was last asked about at once. */
  readonly window: number;
}

/** How many anchors are kept: as many rounds back a common ancestor is found. */
const KEPT_ANCHORS = 64;

/** The anchors with another one at the end. */
export function withAnchor(anchors: readonly Anchor[], next: Anchor): readonly Anchor[] {
  return [...anchors.filter(({ number }) => number < next.number), next].slice(-KEPT_ANCHORS);
}

/** Checkpoints in the store. */
export const CHECKPOINTS: RecordKind<Checkpoint> = {
  name: 'checkpoint',
  form: 1,
  write: ({ confirmedTo, anchors, window }) => ({
    confirmedTo,
    anchors: anchors.map((anchor) => ({ ...anchor })),
    window,
  }),
  read(data, path) {
    const checkpoint = readObject(data, path, ['confirmedTo', 'anchors', 'window']);
    return {
      confirmedTo: readInteger(checkpoint.confirmedTo, `${path}.confirmedTo`, -1),
      anchors: readArray(checkpoint.anchors, `${path}.anchors`).map((anchor) => {
        const { number, hash } = readObject(anchor, path, ['number', 'hash']);
        return { number: readInteger(number, path), hash: readString(hash, path) };
      }),
      window: readInteger(checkpoint.window, `${path}.window`, 1),
    };
  },
};
