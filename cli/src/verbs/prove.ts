import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type CalculatedWitness, openCompiledModel, readOutputs } from '@zkinfer/circuits';
import { canonicalJson, encodeOpening, type OutputReading, UNBOUND } from '@zkinfer/core';
import { writeFileAtomically } from '@zkinfer/core/node';
import { ENGINE_NAMES, ENGINE_VARIABLE, type ProofBundle } from '@zkinfer/prover';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatDuration } from '../format-quantity.ts';
import { fieldElementOption } from '../option-parsers.ts';
import { outputsAsJson, renderOutputs } from '../output-reading.ts';
import { parseSalt } from '../parse-salt.ts';
import { prepareFolder } from '../prepare-folder.ts';
import { prepareInputs } from '../prepare-inputs.ts';
import { proveInference } from '../prove-inference.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

interface ProveCommandOptions {
  readonly input: string;
  readonly inputSalt: string;
  readonly binder: bigint;
  readonly engine?: string;
  readonly out?: string;
  readonly strict?: true;
}

/** Arguments, options and action of `zkinfer prove`. */
export function defineProveVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory with keys')
    .requiredOption('--input <file>', 'JSON (nested or flat), .npy, or a grey or RGB PNG')
    .option('--input-salt <salt>', 'random, 0 (nothing is hidden), or @FILE', 'random')
    .addOption(
      new Option('--binder <n>', 'what the proof is bound to')
        .argParser(fieldElementOption)
        .default(UNBOUND, '0'),
    )
    .addOption(
      new Option(
        '--engine <name>',
        `who computes the proof (default: ${ENGINE_VARIABLE} if set, else the fastest that works)`,
      ).choices(ENGINE_NAMES),
    )
    .option(
      '--out <dir>',
      'where the proof goes (default: DIR/proofs/ and the start of the input’s hash)',
    )
    .option('--strict', 'refuse an input outside the calibrated range in place of clamping it')
    .addHelpText('after', HELP)
    .action((dir: string, options: ProveCommandOptions) =>
      runVerb((session) => proveToFiles(session, dir, options)),
    );
}

const HELP = `
Writes proof.json and public.json (as snarkjs does), output.json (what the model gave), and opening.json
(words and salts that open the commitments: secret, readable by you alone).

Example:
  npx zkinfer prove artifacts/mnist-lenet5 --input examples/models/mnist-lenet5/digit-7.png --out proof`;

async function proveToFiles(
  { output, progress }: Session,
  dir: string,
  options: ProveCommandOptions,
): Promise<ExitCode> {
  const started = Date.now();
  const model = await openCompiledModel(dir);
  const { network, directory } = model;
  const strict = options.strict ?? false;
  const { integers } = await prepareInputs(network, options.input, { strict, output });
  const inputSalt = await parseSalt(options.inputSalt);
  let folder = options.out ?? dir;
  const { bundle, calculated, engine, witnessMs, proofMs } = await proveInference(
    model,
    { inputs: integers, inputSalt, binder: options.binder },
    {
      progress,
      engine: options.engine,
      beforeProof: async (witnessed) => {
        folder = options.out ?? join(dir, 'proofs', hashPrefix(witnessed));
        await prepareFolder(folder);
      },
    },
  );
  const readings = readOutputs(network, calculated.outputs);
  const { modelDigest } = directory.manifest;
  await writeProof(folder, modelDigest, { bundle, calculated, inputSalt, readings });
  output.result(
    [
      renderOutputs(readings),
      '',
      `Proved in ${formatDuration(Date.now() - started)} by ${engine} on ${availableParallelism()} threads:`,
      renderFacts([
        ['witness', formatDuration(witnessMs)],
        ['proof', formatDuration(proofMs)],
        ['files', `${folder}/{proof,public,output,opening}.json (opening.json is secret)`],
        ['next', `npx zkinfer verify ${dir} --proof ${folder}`],
      ]),
    ].join('\n'),
    {
      directory: folder,
      engine,
      publicSignals: [...bundle.publicSignals],
      outputs: outputsAsJson(readings),
      witnessMs,
      proofMs,
    },
  );
  return EXIT.done;
}

/** Everything that goes into the files of a proof. */
interface ProofFiles {
  readonly bundle: ProofBundle;
  readonly calculated: CalculatedWitness;
  readonly inputSalt: bigint;
  readonly readings: readonly OutputReading[];
}

async function writeProof(
  folder: string,
  modelDigest: string,
  { bundle, calculated, inputSalt, readings }: ProofFiles,
): Promise<void> {
  const { inputWords, outputWords, outputSalt } = calculated;
  const version = 1;
  const opening = { version, modelDigest, inputWords, inputSalt, outputWords, outputSalt } as const;
  const write = (name: string, text: string, mode = 0o644) =>
    writeFileAtomically(join(folder, name), text, { mode });
  await write('opening.json', encodeOpening(opening), 0o600);
  await write(
    'output.json',
    canonicalJson({ version, modelDigest, outputs: outputsAsJson(readings) }),
  );
  await write('public.json', canonicalJson([...bundle.publicSignals]));
  await write('proof.json', canonicalJson({ ...bundle.proof }));
}

/** 16 hexadecimal digits of the input's hash: another salt, another folder. */
function hashPrefix({ publicSignals: [, inputHash] }: CalculatedWitness): string {
  return inputHash.toString(16).padStart(64, '0').slice(0, 16);
}
