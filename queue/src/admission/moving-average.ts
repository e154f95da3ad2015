/** Averages of what was measured lately, kept in a store. */
import { jsonShapeError, readInteger, readObject } from '@zkinfer/core';
import type { RecordKind } from '../store/records.ts';

/** An average in which old samples count ever less. */
export interface MovingAverage {
  readonly value: number;
  readonly samples: number;
}

/** The share of the latest sample, once there are some: the last ten make up nine tenths. */
const WEIGHT = 0.2;

/** The average with another sample; the plain mean of the first few. */
export function withSample(before: MovingAverage | undefined, sample: number): MovingAverage {
  if (before === undefined) return { value: sample, samples: 1 };
  const samples = before.samples + 1;
  const weight = Math.max(WEIGHT, 1 / samples);
  return { value: before.value + weight * (sample - before.value), samples };
}

/** Averages in the store, by what was measured. */
export const AVERAGES: RecordKind<MovingAverage> = {
  name: 'cost-average',
  form: 1,
  write: (average) => ({ ...average }),
  read(data, path) {
    const { value, samples } = readObject(data, path, ['value', 'samples']);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw jsonShapeError(`${path}.value`, undefined, 'a number');
    }
    return { value, samples: readInteger(samples, `${path}.samples`, 1) };
  },
};
