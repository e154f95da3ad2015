import { type Network, openCompiledModel } from '@zkinfer/circuits';
import {
  decodeOpening,
  IntegrityError,
  OPEN_SALT,
  type Opening,
  type PublicSignals,
  publicSignalsOf,
} from '@zkinfer/core';
import { parsePublicSignals, readVerificationKey, verifyProof } from '@zkinfer/prover';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { fieldElementOption } from '../option-parsers.ts';
import { readProofFiles } from '../proof-files.ts';
import { readText } from '../read-file.ts';
import { readInput } from '../read-input.ts';
import type { RunVerb, Session } from '../session.ts';
import {
  type Check,
  check,
  checkBinder,
  checkInput,
  checkOpening,
  checkOutput,
} from '../statement-checks.ts';

interface VerifyCommandOptions {
  readonly proof: string;
  readonly public?: string;
  readonly input?: string;
  readonly output?: string;
  readonly opening?: string;
  readonly binder?: bigint;
}

/** Arguments, options and action of `zkinfer verify`. */
export function defineVerifyVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory with its verification key')
    .requiredOption('--proof <file>', 'proof.json, or the folder that holds it')
    .option('--public <file>', 'public signals (default: public.json beside the proof)')
    .option('--input <file>', 'also check that the proof is about this input')
    .option('--output <file>', 'also check that the proof is about this output.json')
    .option(
      '--opening <file>',
      'also check that this opening.json opens the hashes; its salt serves the other checks',
    )
    .option('--binder <n>', 'also check what the proof is bound to', fieldElementOption)
    .addHelpText('after', HELP)
    .action((dir: string, options: VerifyCommandOptions) =>
      runVerb((session) => verify(session, dir, options)),
    );
}

const HELP = `
Exit code 0 if every answer is yes, 1 if one is no, 2 if a file is malformed.
Without --opening, --input and --output are checked with salt 0.

Example:
  npx zkinfer verify artifacts/mnist-lenet5 --proof proof --output proof/output.json --opening proof/opening.json`;

async function verify(
  { output, progress }: Session,
  dir: string,
  options: VerifyCommandOptions,
): Promise<ExitCode> {
  const { network, directory } = await openCompiledModel(dir);
  const { proof, publicSignals } = await readProofFiles(options.proof, options.public);
  const signals = publicSignalsOf(parsePublicSignals(publicSignals));
  progress.stage('verifying');
  const { valid } = verifyProof(await readVerificationKey(directory), publicSignals, proof);
  const checks = [
    check('the proof holds for this model and these public signals', valid, INVALID_REASON),
    ...(await checkClaims(network, signals, directory.manifest.modelDigest, options)),
  ];
  const passed = checks.every((answer) => answer.passed);
  output.result(textOf(checks, passed), {
    valid: passed,
    checks: checks.map((item) => ({ ...item })),
  });
  return passed ? EXIT.done : EXIT.no;
}

const INVALID_REASON = 'made for another model or key, for other signals, or altered';

async function checkClaims(
  network: Network,
  signals: PublicSignals,
  modelDigest: string,
  options: VerifyCommandOptions,
): Promise<Check[]> {
  const opening =
    options.opening === undefined ? undefined : await readOpening(options.opening, modelDigest);
  const inputSalt = opening?.inputSalt ?? OPEN_SALT;
  const checks: Check[] = [];
  if (opening !== undefined) checks.push(...checkOpening(network, signals, opening));
  if (options.input !== undefined) {
    const reals = await readInput(options.input, network.inputs);
    checks.push(checkInput(network, signals, reals, inputSalt));
  }
  if (options.output !== undefined) {
    checks.push(
      checkOutput(network, signals, await readText(options.output), modelDigest, inputSalt),
    );
  }
  if (options.binder !== undefined) checks.push(checkBinder(signals, options.binder));
  return checks;
}

async function readOpening(path: string, modelDigest: string): Promise<Opening> {
  const opening = decodeOpening(await readText(path));
  if (opening.modelDigest === modelDigest) return opening;
  throw new IntegrityError({
    code: 'CLI_OPENING_MODEL',
    what: `${path} belongs to another model`,
    got: opening.modelDigest,
    expected: modelDigest,
  });
}

function textOf(checks: readonly Check[], passed: boolean): string {
  const lines = checks.map(({ question, passed: yes, reason }) =>
    yes ? `✓ ${question}` : `✗ ${question}: no${reason === undefined ? '' : ` (${reason})`}`,
  );
  return [...lines, passed ? 'Valid.' : 'Not valid.'].join('\n');
}
