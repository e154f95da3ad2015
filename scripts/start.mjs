/** `npm start`: installs and builds what is missing, then runs the quickstart. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, ROOT } from './prepare.mjs';

prepare();
process.chdir(ROOT);
// In this process: Ctrl-C is the quickstart's to answer, which has services to end.
await import(pathToFileURL(join(ROOT, 'examples', 'dist', 'quickstart.js')).href);
