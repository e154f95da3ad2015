/** Writes `run.schema.json`, for those who read runs with tools of their own: `npm run gen`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BENCH } from '../paths.ts';
import { StudyRunSchema } from './study-run.ts';

const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...StudyRunSchema };
await writeFile(join(BENCH, 'run.schema.json'), `${JSON.stringify(schema, undefined, 2)}\n`);
