#!/usr/bin/env node
/**
 * Lets forge use the `solc` of npm, which is WebAssembly: forge expects a native compiler that
 * prints its version and reads standard JSON from its input.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');

if (process.argv.includes('--version')) {
  const commit = solc.version().replace('.Emscripten.clang', '.Linux.g++');
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${commit}\n`);
} else {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
}
