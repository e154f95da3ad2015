/**
 * How a requantisation gets from one scale to another: outputScale = inputScale · 2^shift /
 * multiplier, exactly.
 */
export interface Rescaling {
  readonly multiplier: number;
  readonly shift: number;
  readonly scale: number;
}

const POWER_TOLERANCE = 1e-6;
/** How far from the wanted scale is near enough: an eighth of a bit. */
const NEAR = Math.log2(1.09);
const MAX_MULTIPLIER = 31;

/**
 * The rescaling that comes near a wanted scale: a bare shift where the ratio is a power of two (it
 * is wherever weights were fitted to the wanted scale), else the smallest odd multiplier within an
 * eighth of a bit. A scale finer than the input's would gain nothing: the input's own is kept.
 */
export function rescalingBetween(inputScale: number, wanted: number): Rescaling {
  const octaves = Math.log2(wanted / inputScale);
  if (octaves <= POWER_TOLERANCE) return { multiplier: 1, shift: 0, scale: inputScale };
  let best = candidate(inputScale, octaves, 1);
  const miss = () => Math.abs(Math.log2(best.scale / wanted));
  if (miss() < POWER_TOLERANCE) return best;
  for (let m = 3; m <= MAX_MULTIPLIER && miss() > NEAR; m += 2) {
    const next = candidate(inputScale, octaves, m);
    if (Math.abs(Math.log2(next.scale / wanted)) < miss()) best = next;
  }
  return best;
}

function candidate(inputScale: number, octaves: number, multiplier: number): Rescaling {
  const shift = Math.max(0, Math.round(octaves + Math.log2(multiplier)));
  return { multiplier, shift, scale: (inputScale * 2 ** shift) / multiplier };
}
