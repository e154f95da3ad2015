#!/usr/bin/env node
// Committed, so that npm can link the command before the first build.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error(
    'zkinfer is not built yet: run "npm start" or "npm run build" in the repository root.',
  );
  process.exit(3);
}
// Without this a broken build would end with exit code 1, which says that the answer is no.
await import(main.href).catch((error) => {
  console.error(error);
  process.exit(4);
});
