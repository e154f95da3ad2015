/** A leaky ReLU's slope as slope / 2^shift. */
export interface RationalSlope {
  readonly slope: number;
  readonly shift: number;
}

const MAX_SHIFT = 16;

/**
 * The fraction of the smallest shift that is within 2^−bits of a slope in [0, 1), relatively: half
 * a step of the most negative value that bits hold. At most 16 bits of shift.
 */
export function rationalSlope(slope: number, bits: number): RationalSlope {
  let shift = 1;
  const rounded = () => Math.min(Math.round(slope * 2 ** shift), 2 ** shift - 1);
  const miss = () => Math.abs(rounded() / 2 ** shift - slope);
  while (shift < MAX_SHIFT && miss() > slope * 2 ** -bits) shift++;
  return { slope: rounded(), shift };
}
