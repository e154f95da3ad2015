/** Events that were seen on a chain, as the store keeps them while their blocks may still change. */
import { readArray, readInteger, readObject, readString } from '@zkinfer/core';
import type { RecordKind } from '../store/records.ts';
import type { ChainLog } from './chain-node.ts';

/** A log, and whether it was told of as confirmed. */
export interface FollowedLog extends ChainLog {
  readonly confirmed: boolean;
}

/** Digits of block numbers and log indices in ids, so that ids are in the order of the chain. */
const DIGITS = 16;

/** One event in one block, however often nodes repeat it. */
export function logKey(log: ChainLog): string {
  const { blockNumber, blockHash, transactionHash, logIndex } = log;
  const position = `${padded(blockNumber)}-${padded(logIndex)}`;
  return `${position}-${blockHash.slice(2)}-${transactionHash.slice(2)}`;
}

/** Before the ids of all logs of a block, after those of the blocks before. */
export function blockKey(blockNumber: number): string {
  return padded(blockNumber);
}

/** Logs in the store. */
export const LOG_RECORDS: RecordKind<FollowedLog> = {
  name: 'chain-log',
  form: 1,
  write: (log) => ({ ...log }),
  read(data, path) {
    const log = readObject(data, path, KEYS);
    const text = (key: 'blockHash' | 'transactionHash' | 'address' | 'data') =>
      readString(log[key], `${path}.${key}`);
    return {
      blockNumber: readInteger(log.blockNumber, `${path}.blockNumber`),
      blockHash: text('blockHash'),
      transactionHash: text('transactionHash'),
      logIndex: readInteger(log.logIndex, `${path}.logIndex`),
      address: text('address'),
      topics: readArray(log.topics, `${path}.topics`).map((topic) => readString(topic, path)),
      data: text('data'),
      confirmed: log.confirmed === true,
    };
  },
};

const KEYS = [
  'blockNumber',
  'blockHash',
  'transactionHash',
  'logIndex',
  'address',
  'topics',
  'data',
  'confirmed',
] as const;

function padded(number: number): string {
  return String(number).padStart(DIGITS, '0');
}
