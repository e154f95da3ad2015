import type { NetworkDraft } from './network-draft.ts';
import { expectedChangedShare } from './prediction-margins.ts';
import { DEFAULT_ACTIVATION_BITS } from './quantize-options.ts';
import { REFERENCE_BITS, SEARCH_SAFETY, type TryBits, uniformBits } from './search-weight-bits.ts';

const MOST_ACTIVATION_BITS = 12;
/** Room left for the error of the weights: a fourth of the variance. */
const ROOM_FOR_WEIGHTS = 4 / 3;

/**
 * The fewest activation bits, 8 at least, at which rounding activations alone leaves the
 * predictions as asked; the most that are tried if none does. A bit more costs as much as one more
 * of the weights that read the activations.
 */
export function searchActivationBits(
  draftOf: (activationBits: number) => NetworkDraft,
  tryBits: (draft: NetworkDraft) => TryBits,
  changedShare: number,
): NetworkDraft {
  for (let bits = DEFAULT_ACTIVATION_BITS; ; bits++) {
    const draft = draftOf(bits);
    if (bits === MOST_ACTIVATION_BITS) return draft;
    const names = draft.weighted.map(({ name }) => name);
    const { outputs } = tryBits(draft)(uniformBits(names, REFERENCE_BITS));
    const share = (output: number): number => {
      const margins = draft.margins[output];
      if (margins === undefined) return 0;
      const deviation = outputs[output]!.deviation * Math.sqrt(ROOM_FOR_WEIGHTS);
      return expectedChangedShare(margins, deviation);
    };
    if (outputs.every((_, i) => share(i) <= changedShare * SEARCH_SAFETY)) return draft;
  }
}
