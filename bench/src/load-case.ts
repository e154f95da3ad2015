import { readdir } from 'node:fs/promises';
import { InputError } from '@zkinfer/core';
import type { BenchCase } from './case.ts';

/** A case and where its module is, for the processes that load it too. */
export interface LoadedCase {
  readonly name: string;
  readonly url: string;
  readonly definition: BenchCase;
}

const FOLDER = new URL('./cases/', import.meta.url);
const ENDING = '.js';

/** The names of all cases, sorted: a case is a file. */
export async function caseNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files
    .filter((file) => file.endsWith(ENDING) && !file.endsWith('.test.js'))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/** @throws InputError BENCH_CASE_UNKNOWN */
export async function loadCase(name: string): Promise<LoadedCase> {
  const names = await caseNames();
  if (!names.includes(name)) {
    throw new InputError({
      code: 'BENCH_CASE_UNKNOWN',
      what: 'there is no case of this name',
      got: name,
      expected: names.join(', '),
    });
  }
  return loadCaseModule(name, new URL(`${name}${ENDING}`, FOLDER).href);
}

/** Loads a case from a module that exports `benchCase`. */
export async function loadCaseModule(name: string, url: string): Promise<LoadedCase> {
  const { benchCase } = (await import(url)) as { benchCase: BenchCase };
  return { name, url, definition: benchCase };
}
