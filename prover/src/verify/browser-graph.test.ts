import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const IMPORT = /^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm;

/**
 * Every module that a module imports, itself included, as addresses; those of Node by their names.
 */
function moduleGraph(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  if (entry.startsWith('node:')) return seen;
  for (const [, specifier] of readFileSync(new URL(entry), 'utf8').matchAll(IMPORT)) {
    const isRelative = specifier!.startsWith('.');
    moduleGraph(
      isRelative ? new URL(specifier!, entry).href : import.meta.resolve(specifier!),
      seen,
    );
  }
  return seen;
}

test('behavior: the verifier’s modules run without Node and without snarkjs', () => {
  const modules = [...moduleGraph(import.meta.resolve('@zkinfer/prover/verify'))];
  assert.ok(modules.some((module) => module.endsWith('bn254.js')));
  const foreign = modules.filter((module) => /^node:|snarkjs|ffjavascript/.test(module));
  assert.deepEqual(foreign, []);
});

test('behavior: the same walk finds Node where it is', () => {
  const modules = moduleGraph(new URL('../setup/development-setup.js', import.meta.url).href);
  assert.ok(modules.has('node:crypto'));
});
