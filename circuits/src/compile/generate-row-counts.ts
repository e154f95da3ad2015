/** Writes `row-counts.json` beside its source; run by `npm run gen -w circuits`. */
import { writeFileSync } from 'node:fs';
import { canonicalJson } from '@zkinfer/core';
import { canonicalRowCounts } from './row-counts.ts';

const target = new URL('../../src/compile/row-counts.json', import.meta.url);
writeFileSync(target, canonicalJson(canonicalRowCounts()));
