/**
 * Digests by core's Poseidon, which Solidity must reproduce: the ends of the field and seeded draws.
 */
import { type CanonicalValue, poseidon, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { seededRandom } from '@zkinfer/core/testing';

const SEED = 20_250_102;
const DRAWS = 32;

/** What the file of vectors holds: `inputs<count>` for each number of inputs asked for. */
export function poseidonVectorFile(counts: readonly number[]): CanonicalValue {
  const vectors = counts.map((count) => [`inputs${count}`, poseidonVectors(count)]);
  return { generatedBy: 'npm run gen -w verifier-contracts', ...Object.fromEntries(vectors) };
}

/** The inputs of vector i begin at `inputs[i · count]`. */
function poseidonVectors(count: number): { inputs: bigint[]; digests: bigint[] } {
  const random = seededRandom(SEED + count);
  const all = (value: bigint) => Array.from({ length: count }, () => value);
  const ends = [0n, 1n, SCALAR_FIELD_ORDER - 1n];
  const alone = ends
    .slice(1)
    .flatMap((end) =>
      all(0n).map((_, place) => all(0n).map((zero, i) => (i === place ? end : zero))),
    );
  const drawn = Array.from({ length: DRAWS }, () =>
    all(0n).map(() => random.bigint(SCALAR_FIELD_ORDER)),
  );
  const rows = [...ends.map(all), ...alone, ...drawn];
  return { inputs: rows.flat(), digests: rows.map(poseidon) };
}
