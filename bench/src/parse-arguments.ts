import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { InputError } from '@zkinfer/core';
import type { ExternalProgram } from './case.ts';
import { DEFAULT_PRICES } from './study/start-run.ts';
import type { Prices } from './study/study-run.ts';

/** Options that studies and cases share. */
interface RunArguments {
  /** Undefined: as the suite or case has it. */
  readonly repeat: number | undefined;
  readonly programs: readonly ExternalProgram[];
  /** Undefined: all there are. */
  readonly cores: number | undefined;
}

/** A study of models. */
export interface StudyArguments extends RunArguments {
  readonly kind: 'study';
  readonly suite: string;
  /** Names; empty: the suite's. */
  readonly models: readonly string[];
  /** Names; empty: all. */
  readonly engines: readonly string[];
  readonly prices: Prices;
  /** Undefined: a new folder of `bench/results/`. */
  readonly out: string | undefined;
}

/** Single measurements of the engine's parts. */
export interface CaseArguments extends RunArguments {
  readonly kind: 'cases';
  readonly cases: readonly string[];
  /** Only these rows; empty: all. */
  readonly rows: readonly string[];
}

/** What `npm run bench -- …` was asked for. */
export type BenchArguments =
  | { readonly kind: 'help' }
  | StudyArguments
  | CaseArguments
  | { readonly kind: 'compare'; readonly before: string; readonly after: string }
  | { readonly kind: 'report'; readonly run: string; readonly out: string | undefined };

/** Medians of fewer runs say little. */
export const DEFAULT_RUNS = 5;

const MAX_RUNS = 1000;

export const USAGE = `Usage: npm run bench                          what a proof costs: the default suite
       npm run bench -- [options]             another study
       npm run bench -- CASE … [options]      single measurements of the engine's parts
       npm run bench -- compare A.json B.json what changed between two runs, beyond noise
       npm run bench -- report RUN.json       its report once more

  --suite NAME       which models, how often (default: default)
  --model A,B        only these models
  --engine A,B       only these: wasm, snarkjs, circomlib-ml, names of --with
  --case A,B         as CASE …
  --rows A,B         only these rows of a case's table
  --with NAME=PATH   another prover, called as PATH proving_key.zkey witness.wtns proof.json public.json
  --repeat N         rounds of each contestant that count, at most ${MAX_RUNS}
  --cores N          use only so many cores (Linux)
  --machine-hour X   price of an hour of the machine (default ${DEFAULT_PRICES.machineHour})
  --gas-price X      of the chain, gwei (default ${DEFAULT_PRICES.gasPriceGwei})
  --coin X           price of the chain's coin (default ${DEFAULT_PRICES.coin})
  --currency NAME    of these prices (default ${DEFAULT_PRICES.currency})
  --out DIR          where run.json and the report go (default: a new folder of bench/results/)
  --help             this text, suites, models and cases`;

const OPTIONS = {
  help: { type: 'boolean' },
  suite: { type: 'string' },
  model: { type: 'string', multiple: true },
  engine: { type: 'string', multiple: true },
  case: { type: 'string', multiple: true },
  rows: { type: 'string', multiple: true },
  with: { type: 'string', multiple: true },
  repeat: { type: 'string' },
  cores: { type: 'string' },
  'machine-hour': { type: 'string' },
  'gas-price': { type: 'string' },
  coin: { type: 'string' },
  currency: { type: 'string' },
  out: { type: 'string' },
} as const;

type Values = ReturnType<typeof parse>['values'];

/** Options that mean something to cases. */
const CASE_OPTIONS: readonly string[] = ['case', 'rows', 'with', 'repeat', 'cores'];

/**
 * @param args without node and the script
 * @throws InputError BENCH_USAGE, BENCH_PROGRAM_OPTION
 */
export function parseArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  if (positionals[0] === 'compare') return parseCompare(values, positionals.slice(1));
  if (positionals[0] === 'report') return parseReport(values, positionals.slice(1));
  const cases = [...positionals, ...listOf(values.case)];
  return cases.length > 0 ? parseCases(values, cases) : parseStudy(values);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

function parseCompare(values: Values, paths: readonly string[]): BenchArguments {
  refuseOptions(values, [], 'compare');
  const [before, after, ...more] = paths;
  if (before !== undefined && after !== undefined && more.length === 0) {
    return { kind: 'compare', before, after };
  }
  throw usageError('compare takes two runs', `${paths.length}`, 'A.json B.json');
}

function parseReport(values: Values, paths: readonly string[]): BenchArguments {
  refuseOptions(values, ['out'], 'report');
  const [run, ...more] = paths;
  if (run !== undefined && more.length === 0) return { kind: 'report', run, out: values.out };
  throw usageError('report takes one run', `${paths.length}`, 'RUN.json');
}

function parseCases(values: Values, cases: readonly string[]): CaseArguments {
  refuseOptions(values, CASE_OPTIONS, 'a case');
  return { kind: 'cases', cases, rows: listOf(values.rows), ...parseRun(values) };
}

function parseStudy(values: Values): StudyArguments {
  if (values.rows !== undefined) throw usageError('--rows needs a case', 'no case');
  return {
    kind: 'study',
    suite: values.suite ?? 'default',
    models: listOf(values.model),
    engines: listOf(values.engine),
    prices: parsePrices(values),
    out: values.out,
    ...parseRun(values),
  };
}

function parseRun(values: Values): RunArguments {
  const cores = parseInteger('--cores', values.cores, availableParallelism());
  const repeat = parseInteger('--repeat', values.repeat, MAX_RUNS);
  return { repeat, cores, programs: parsePrograms(values.with ?? []) };
}

function parsePrices(values: Values): Prices {
  const price = (option: 'machine-hour' | 'gas-price' | 'coin', otherwise: number) => {
    const text = values[option];
    if (text === undefined) return otherwise;
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    throw usageError(`--${option} is no price`, text, 'a number such as 0.25');
  };
  const isStated = [values['machine-hour'], values['gas-price'], values.coin, values.currency].some(
    (value) => value !== undefined,
  );
  return {
    currency: values.currency ?? DEFAULT_PRICES.currency,
    machineHour: price('machine-hour', DEFAULT_PRICES.machineHour),
    gasPriceGwei: price('gas-price', DEFAULT_PRICES.gasPriceGwei),
    coin: price('coin', DEFAULT_PRICES.coin),
    source: isStated ? 'given on the command line, otherwise assumed' : DEFAULT_PRICES.source,
  };
}

function parseInteger(option: string, text: string | undefined, largest: number) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= largest) return value;
  throw usageError(`${option} takes a number`, text, `an integer from 1 to ${largest}`);
}

function parsePrograms(options: readonly string[]): ExternalProgram[] {
  const programs = options.map((option) => {
    const match = /^([\w.-]+)=(.+)$/.exec(option);
    if (match === null) throw programError('--with takes a name and a path', option);
    return { name: match[1]!, path: match[2]! };
  });
  const names = programs.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw programError('two programs have the same name', twice);
  return programs;
}

function listOf(lists: readonly string[] | undefined): string[] {
  return (lists ?? []).flatMap((list) => list.split(','));
}

function refuseOptions(values: Values, known: readonly string[], what: string): void {
  const other = Object.keys(values).find((option) => !known.includes(option));
  if (other !== undefined) throw usageError(`${what} has no option --${other}`, other);
}

function programError(what: string, got: string): InputError {
  const expected = 'NAME=PATH, each name once';
  return new InputError({ code: 'BENCH_PROGRAM_OPTION', what, got, expected });
}

function usageError(what: string, got?: string, expected?: string): InputError {
  return new InputError({
    code: 'BENCH_USAGE',
    what,
    ...(got === undefined ? {} : { got }),
    ...(expected === undefined ? {} : { expected }),
    hint: 'See --help.',
  });
}
