/** Writes `statement.vectors.json` beside its source; run by `npm run gen -w core`. */
import { writeFileSync } from 'node:fs';
import { canonicalJson } from '../artifacts/canonical-json.ts';
import { statementVectors } from './statement-vectors.ts';

const target = new URL('../../src/statement/statement.vectors.json', import.meta.url);
writeFileSync(target, canonicalJson(statementVectors()));
