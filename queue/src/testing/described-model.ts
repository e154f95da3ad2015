/** A described model for tests that run no network: two inputs of few bytes. */
import type { ModelDescription } from '@zkinfer/core/service';

/** What inputs are checked against. */
export const DESCRIBED_MODEL: Pick<ModelDescription, 'modelDigest' | 'inputs'> = {
  modelDigest: 'ab'.repeat(32),
  inputs: [
    { name: 'left', shape: [2, 2], scale: 0.5, lo: -8, bits: 4 },
    { name: 'right', shape: [40], scale: 1, lo: 0, bits: 8 },
  ],
};
