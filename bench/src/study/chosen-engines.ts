/** Who takes part in a study. */
import { InputError } from '@zkinfer/core';
import type { ExternalProgram } from '../case.ts';
import { CIRCOMLIB_ML, CIRCOMLIB_MODELS } from './circomlib-ml/circomlib-model.ts';
import type { Suite } from './suites.ts';

const SNARKJS = 'snarkjs';

/** Those that come with the bench. */
const PROVERS: readonly string[] = ['wasm', SNARKJS];

/** The suite with the compilers that were asked for, and the provers. */
export interface ChosenEngines {
  readonly suite: Suite;
  readonly provers: readonly string[];
  /** Whether packages of others have to be installed. */
  readonly usesThirdParty: boolean;
}

/**
 * @param engines names of `--engine`; empty: all provers, and other compilers where the suite has them
 * @throws InputError BENCH_ENGINE_UNKNOWN; BENCH_PROGRAM_OPTION when a program has a name that is taken
 */
export function chosenEngines(
  suite: Suite,
  engines: readonly string[],
  programs: readonly ExternalProgram[],
): ChosenEngines {
  requireFreeNames(programs);
  requireKnown(engines, programs);
  const comparesCompilers =
    engines.length === 0 ? suite.comparesCompilers : engines.includes(CIRCOMLIB_ML);
  const isAll = engines.every((name) => name === CIRCOMLIB_ML);
  const provers = PROVERS.filter((name) => isAll || engines.includes(name));
  const hasRival = suite.models.some(({ name }) => CIRCOMLIB_MODELS.includes(name));
  return {
    suite: { ...suite, comparesCompilers },
    provers,
    usesThirdParty: provers.includes(SNARKJS) || (comparesCompilers && hasRival),
  };
}

function requireFreeNames(programs: readonly ExternalProgram[]): void {
  const taken = programs.find(({ name }) => [...PROVERS, CIRCOMLIB_ML].includes(name));
  if (taken === undefined) return;
  throw new InputError({
    code: 'BENCH_PROGRAM_OPTION',
    what: 'a program has the name of another contestant',
    got: taken.name,
  });
}

function requireKnown(engines: readonly string[], programs: readonly ExternalProgram[]): void {
  const known = [...PROVERS, CIRCOMLIB_ML, ...programs.map(({ name }) => name)];
  const unknown = engines.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InputError({
    code: 'BENCH_ENGINE_UNKNOWN',
    what: 'there is no such engine',
    got: unknown,
    expected: `${known.join(', ')}, or one given by --with`,
  });
}
