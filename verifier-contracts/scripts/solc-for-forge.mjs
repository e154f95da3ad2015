#!/usr/bin/env node
/**
 * Lets forge use the `solc` of npm, which is WebAssembly: forge expects a native compiler that
 * prints its version and reads standard JSON from its input.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative } from 'node:path';

const solc = createRequire(import.meta.url)('solc');

if (process.argv.includes('--version')) {
  const commit = solc.version().replace('.Emscripten.clang', '.Linux.g++');
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${commit}\n`);
} else {
  const input = JSON.parse(readFileSync(0, 'utf8'));
  process.stdout.write(solc.compile(JSON.stringify(withRelativeNames(input))));
}

/**
 * forge names what a package imports from itself by absolute paths and counts on the compiler to
 * find these files; this one sees only what it is given, under the names that imports resolve to.
 */
function withRelativeNames(input) {
  const name = (path) => (path.startsWith('/') ? relative(process.cwd(), path) : path);
  const sources = Object.entries(input.sources).map(([path, source]) => [name(path), source]);
  return { ...input, sources: Object.fromEntries(sources) };
}
