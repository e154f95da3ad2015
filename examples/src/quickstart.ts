/**
 * What `npm start` runs: a trained LeNet-5 classifies a digit of the MNIST test set, the inference is proved in zero knowledge,
 * and the proof is verified, by zkinfer and by snarkjs. Every step is a command that a reader can repeat.
 *
 *   npm start -- [PICTURE]       another 28 × 28 PNG than the digit 7 of the example
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { drawPicture } from './draw-picture.ts';
import { type FinishedCommand, runShown } from './run-shown.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODEL = 'examples/models/mnist-lenet5';
const COMPILED = 'artifacts/mnist-lenet5';
const LABELS = '0,1,2,3,4,5,6,7,8,9';

/** A stage of the run; undefined where an earlier run has done the work. */
type Stages = Map<string, FinishedCommand | undefined>;

async function quickstart(given: string | undefined): Promise<number> {
  const picture = given === undefined ? `${MODEL}/digit-7.png` : relative(ROOT, resolve(given));
  const proof = `${COMPILED}/proofs/${basename(picture, '.png')}`;
  const stages: Stages = new Map();
  showIntroduction(picture);
  try {
    const image = ['--image-scale', '1/255', '--labels', LABELS];
    const compile = () => zkinfer('compile', MODEL, ...image, '--out', COMPILED);
    stages.set('compile', await unlessDone(compile));
    stages.set('setup', await unlessDone(() => zkinfer('setup', COMPILED, '--development')));
    const claims = ['--input', picture, '--opening', `${proof}/opening.json`];
    if (await isProved(proof, claims)) {
      stages.set('prove', undefined);
      print(`\nThe proof of an earlier run, in ${proof}, still holds: not proving again.`);
    } else {
      const out = ['--input', picture, '--out', proof];
      stages.set('prove', await zkinfer('prove', COMPILED, ...out));
    }
    stages.set('verify', await zkinfer('verify', COMPILED, '--proof', proof, ...claims));
    stages.set('verify (snarkjs)', await snarkjsVerify(proof));
  } catch (error) {
    if (!(error instanceof FailedStep)) throw error;
    print(
      '\nThe step above failed: see its message. `npx zkinfer doctor` tells what may be missing.',
    );
    return error.exitCode;
  }
  showSummary(stages, proof);
  return 0;
}

class FailedStep extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`a step ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

function zkinfer(...args: string[]): Promise<FinishedCommand> {
  return step({ typed: 'npx zkinfer', script: join(ROOT, 'cli', 'bin', 'zkinfer.js'), args });
}

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

/** Runs a command that leaves the compiled directory as it is when its work is done; undefined if so. */
async function unlessDone(
  run: () => Promise<FinishedCommand>,
): Promise<FinishedCommand | undefined> {
  const manifest = join(ROOT, COMPILED, 'manifest.json');
  const written = () => statSync(manifest, { throwIfNoEntry: false })?.mtimeMs;
  const before = written();
  const finished = await run();
  return before === written() ? undefined : finished;
}

async function step(command: Parameters<typeof runShown>[0]): Promise<FinishedCommand> {
  const finished = await runShown(command, ROOT);
  if (finished.exitCode !== 0) throw new FailedStep(finished.exitCode);
  return finished;
}

/** Whether an earlier run left a proof of this very input under today's keys. */
async function isProved(proof: string, claims: readonly string[]): Promise<boolean> {
  if (!existsSync(join(ROOT, proof, 'proof.json'))) return false;
  const args = ['verify', COMPILED, '--proof', proof, ...claims];
  const script = join(ROOT, 'cli', 'bin', 'zkinfer.js');
  const { exitCode } = await runShown({ typed: '', script, args, silent: true }, ROOT);
  return exitCode === 0;
}

function showIntroduction(picture: string): void {
  const { width, height, channels, data } = decode(readFileSync(join(ROOT, picture)));
  const grey = { width, height, data: data.filter((_, i) => i % channels === 0) };
  const colours = process.stdout.isTTY && !process.env.NO_COLOR;
  print('A trained LeNet-5 looks at a digit of the MNIST test set, and proves what it sees:');
  print(['', ...drawPicture(grey, colours).map((line) => `  ${line}`)].join('\n'));
}

function showSummary(stages: Stages, proof: string): void {
  const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  const circuit = read(`${COMPILED}/circuit.json`);
  const [output] = read(`${proof}/output.json`).outputs;
  const probability = (100 * output.probabilities[output.predicted]).toFixed(2);
  const peak = Math.max(...[...stages.values()].map((stage) => stage?.peakBytes ?? 0));
  const facts = [
    ['predicted class', `${output.label} (probability ${probability} %)`],
    ...[...stages].map(([name, stage]) => [name, durationOf(stage)]),
    ['circuit', `${circuit.rows.toLocaleString('en')} rows`],
    ['proving key', `${(circuit.provingKeyBytes / 1e6).toFixed(1)} MB`],
    ['proof', '256 bytes on chain, about 199,450 gas to verify'],
    ...(peak > 0 ? [['peak memory', `${(peak / 1e6).toFixed(0)} MB`]] : []),
    ['machine', `${availableParallelism()} threads`],
  ] as [string, string][];
  print('\nSummary\n');
  for (const [label, value] of facts) print(`  ${label.padEnd(18)}${value}`);
  print(NEXT_STEPS);
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
`;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await quickstart(process.argv[2]);
