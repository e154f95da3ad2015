/** In which order contestants run. */

/**
 * The orders of the rounds: everyone once a round, everyone first in turn, so that what changes
 * slowly on the machine (heat, other load) meets all alike.
 * @returns for each round the places of the contestants
 */
export function interleave(contestants: number, rounds: number): number[][] {
  return Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: contestants }, (_, i) => (round + i) % contestants),
  );
}
