/**
 * What `npm start` runs: a trained LeNet-5 classifies a digit of the MNIST test set, the inference
 * is proved in zero knowledge, and the proof is verified, by zkinfer and by snarkjs. Then all of
 * it runs by itself: a chain, the contracts, a service with a worker; a contract and a client ask
 * for ten digits, the worker is paid, and a thief is not.
 *
 *   npm start -- [--keep] [PICTURE]
 *
 *     --keep     leaves chain, service and worker running until Ctrl-C, to look at the dashboard
 *     PICTURE    another 28 × 28 PNG than the digit 7 of the example
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EnvironmentError, ZkinferError } from '@zkinfer/core';
import { SERVICE_PATHS } from '@zkinfer/core/service';
import { drawPicture } from './draw-picture.ts';
import { readGreyPicture } from './read-grey-picture.ts';
import { type FinishedCommand, runShown } from './run-shown.ts';
import { EndInOrder } from './running/end-in-order.ts';
import { type CoprocessorRun, runCoprocessor } from './running/run-coprocessor.ts';
import { showLatencies, showMoney } from './running/show-figures.ts';
import { FailedStep, print, printFacts, ROOT, step, ZKINFER, zkinfer } from './zkinfer-step.ts';

const MODEL = 'examples/models/mnist-lenet5';
const COMPILED = 'artifacts/mnist-lenet5';
const LABELS = '0,1,2,3,4,5,6,7,8,9';

/** A stage of the run; undefined where an earlier run has done the work. */
type Stages = Map<string, FinishedCommand | undefined>;

/** Services end before the chain does: a thief comes between. */
const RUNNING = { market: new EndInOrder(), services: new EndInOrder() };

async function endAll(): Promise<void> {
  await RUNNING.services.end();
  await RUNNING.market.end();
}

async function quickstart({ picture: given, keep }: Wishes): Promise<number> {
  const picture = given === undefined ? `${MODEL}/digit-7.png` : relative(ROOT, resolve(given));
  const proof = `${COMPILED}/proofs/${basename(picture, '.png')}`;
  const stages: Stages = new Map();
  try {
    showIntroduction(picture);
    await proveOffChain(picture, proof, stages);
    const run = await coprocessor(proof);
    if (!keep) await run?.steal();
    showSummary(stages, proof, run);
    if (keep && run !== undefined) await keepRunning(run);
    return 0;
  } catch (error) {
    if (error instanceof ZkinferError) return reportError(error);
    if (!(error instanceof FailedStep)) throw error;
    print(
      '\nThe step above failed: see its message. `npx zkinfer doctor` tells what may be missing.',
    );
    return error.exitCode;
  } finally {
    await endAll();
  }
}

/** Until Ctrl-C, which ends everything. */
async function keepRunning({ service }: CoprocessorRun): Promise<void> {
  print(
    `Left running: ${service.url}${SERVICE_PATHS.dashboard}\nCtrl-C ends chain, service and worker.`,
  );
  // Nothing else may keep the process.
  const waiting = setInterval(() => {}, 2 ** 30);
  await new Promise(() => waiting);
}

/** Of the machine 3, of what was given 2: as the command's own exit codes. */
function reportError(error: ZkinferError): number {
  const { what, got, expected, hint } = error;
  const lines = Object.entries({ error: what, got, expected, hint });
  for (const [name, text] of lines) {
    if (text !== undefined) process.stderr.write(`${name}: ${text}\n`);
  }
  return error instanceof EnvironmentError ? 3 : 2;
}

async function proveOffChain(picture: string, proof: string, stages: Stages): Promise<void> {
  const image = ['--image-scale', '1/255', '--labels', LABELS, '--output', 'argmax'];
  const compile = () => zkinfer('compile', MODEL, ...image, '--out', COMPILED);
  stages.set('compile', await unlessDone(compile));
  stages.set('setup', await unlessDone(() => zkinfer('setup', COMPILED, '--development')));
  const claims = ['--input', picture, '--opening', `${proof}/opening.json`];
  if (await isProved(proof, claims)) {
    stages.set('prove', undefined);
    print(`\nThe proof of an earlier run, in ${proof}, still holds: not proving again.`);
  } else {
    stages.set('prove', await zkinfer('prove', COMPILED, '--input', picture, '--out', proof));
  }
  stages.set('verify', await zkinfer('verify', COMPILED, '--proof', proof, ...claims));
  stages.set('verify (snarkjs)', await snarkjsVerify(proof));
}

/** The chain’s part; undefined, and said so, where Foundry has no anvil for this machine. */
async function coprocessor(proof: string): Promise<CoprocessorRun | undefined> {
  try {
    return await runCoprocessor({ compiled: COMPILED, folder: proof }, RUNNING);
  } catch (error) {
    if (!(error instanceof EnvironmentError) || !NO_ANVIL.has(error.code)) throw error;
    print(`\nThe part on chain is left out: ${error.what} (${error.got ?? error.expected}).`);
    if (error.hint !== undefined) print(error.hint);
    return undefined;
  }
}

const NO_ANVIL: ReadonlySet<string> = new Set([
  'CONTRACTS_FOUNDRY_PLATFORM',
  'CONTRACTS_FOUNDRY_MISSING',
  'CONTRACTS_LOCAL_CHAIN_FAILED',
]);

function snarkjsVerify(proof: string): Promise<FinishedCommand> {
  const main = createRequire(import.meta.url).resolve('snarkjs');
  const script = join(dirname(main), 'cli.cjs');
  const files = [
    `${COMPILED}/verification_key.json`,
    `${proof}/public.json`,
    `${proof}/proof.json`,
  ];
  return step({ typed: 'npx snarkjs', script, args: ['groth16', 'verify', ...files] });
}

/**
 * Runs a command that leaves the compiled directory as it is when its work is done; undefined if
 * so.
 */
async function unlessDone(
  run: () => Promise<FinishedCommand>,
): Promise<FinishedCommand | undefined> {
  const manifest = join(ROOT, COMPILED, 'manifest.json');
  const written = () => statSync(manifest, { throwIfNoEntry: false })?.mtimeMs;
  const before = written();
  const finished = await run();
  return before === written() ? undefined : finished;
}

/** Whether an earlier run left a proof of this very input under today's keys. */
async function isProved(proof: string, claims: readonly string[]): Promise<boolean> {
  if (!existsSync(join(ROOT, proof, 'proof.json'))) return false;
  const args = ['verify', COMPILED, '--proof', proof, ...claims];
  const { exitCode } = await runShown({ typed: '', script: ZKINFER, args, silent: true }, ROOT);
  return exitCode === 0;
}

function showIntroduction(picture: string): void {
  const grey = readGreyPicture(join(ROOT, picture));
  const colours = process.stdout.isTTY && !process.env.NO_COLOR;
  print('A trained LeNet-5 looks at a digit of the MNIST test set, and proves what it sees:');
  print(['', ...drawPicture(grey, colours).map((line) => `  ${line}`)].join('\n'));
}

function showSummary(stages: Stages, proof: string, run: CoprocessorRun | undefined): void {
  const circuit = readJson(`${COMPILED}/circuit.json`);
  const peak = Math.max(...[...stages.values()].map((stage) => stage?.peakBytes ?? 0));
  print('\nSummary\n');
  printFacts([
    ['predicted class', String(digitOf(proof))],
    ...[...stages].map(([name, stage]) => [name, durationOf(stage)] as const),
    ['circuit', `${circuit.rows.toLocaleString('en')} rows`],
    ['proving key', `${(circuit.provingKeyBytes / 1e6).toFixed(1)} MB`],
    ...(peak > 0 ? [['peak memory', `${(peak / 1e6).toFixed(0)} MB`] as const] : []),
    ['machine', `${availableParallelism()} threads`],
  ]);
  if (run !== undefined) {
    showLatencies(run.overview);
    showMoney(run.overview, run.gas, run.requests);
  }
  print(NEXT_STEPS);
}

function digitOf(proof: string): number {
  return readJson(`${proof}/output.json`).outputs[0].predicted;
}

function readJson(path: string) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

function durationOf(stage: FinishedCommand | undefined): string {
  return stage === undefined ? 'done before' : `${(stage.durationMs / 1000).toFixed(1)} s`;
}

const NEXT_STEPS = `
What to try next

  npx zkinfer inspect ${COMPILED}
      what each layer costs
  npm start -- ${MODEL}/digit-4.png
      another digit
  npx zkinfer evaluate --help, prove --help, …
      every verb; examples/README.md has the other models
  npm start -- --keep
      leaves everything running: the dashboard shows what happened
  npx zkinfer dev
      the chain again, to try request, status, fulfill, refund and withdraw on
`;

/** What `npm start` was told. */
interface Wishes {
  readonly picture: string | undefined;
  readonly keep: boolean;
}

function readWishes(): Wishes {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: 'boolean', default: false } },
  });
  return { picture: positionals[0], keep: values.keep };
}

/** What was started ends with the run, also by Ctrl-C. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    endAll().finally(() => process.exit(130));
  });
}
process.exitCode = await quickstart(readWishes());
