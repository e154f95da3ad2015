/** Where the bench keeps things. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This workspace. */
export const BENCH = fileURLToPath(new URL('..', import.meta.url));

/** The repository. */
export const ROOT = join(BENCH, '..');

/** Inputs that take long to make; may be deleted at any time. */
export const CACHE = join(BENCH, 'cache');

/** The latest result of each case. */
export const RESULTS = join(BENCH, 'results');

/** The packages that benchmarks compare with, with their own lock file. */
export const THIRD_PARTY = join(BENCH, 'thirdparty');
