/** A leaky ReLU's slope as slope / 2^shift. */
export interface RationalSlope {
  readonly slope: number;
  readonly shift: number;
}

/** An error of 1/256 of the slope is half a step of the most negative 8-bit value. */
const TOLERATED = 1 / 256;
const MAX_SHIFT = 12;

/** The fraction of the smallest shift that is within 1/256 of a slope in [0, 1), or the nearest at 12 bits. */
export function rationalSlope(slope: number): RationalSlope {
  let shift = 1;
  const rounded = () => Math.min(Math.round(slope * 2 ** shift), 2 ** shift - 1);
  while (shift < MAX_SHIFT && Math.abs(rounded() / 2 ** shift - slope) > slope * TOLERATED) shift++;
  return { slope: rounded(), shift };
}
