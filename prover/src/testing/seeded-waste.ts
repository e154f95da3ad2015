import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { seededRandom } from '@zkinfer/core/testing';
import { drawToxicWaste, type ToxicWaste } from '../setup/toxic-waste.ts';

/** Setup secrets that can be had again, for a domain of 2^log2Size points. Worthless in earnest. */
export function seededWaste(seed: number, log2Size: number): ToxicWaste {
  const random = seededRandom(seed);
  return drawToxicWaste(log2Size, () => random.bigint(SCALAR_FIELD_ORDER));
}
