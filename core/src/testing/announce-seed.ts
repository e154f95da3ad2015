import { seededRandom } from '../seeded-random.ts';

/**
 * The seed of this run, printed so that a failure can be repeated: `ZKINFER_SEED` of the
 * environment, else drawn anew.
 * @throws RangeError if the variable is set to something that is no seed.
 */
export function announceSeed(): number {
  const given = process.env.ZKINFER_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
  seededRandom(seed);
  process.stdout.write(`seed: ZKINFER_SEED=${seed}\n`);
  return seed;
}
