import {
  type CompiledModel,
  calculateWitness,
  circuitOf,
  openCompiledModel,
} from '@zkinfer/circuits';
import {
  InputError,
  type ProofJson,
  type PublicSignalsJson,
  UNBOUND,
  writeR1cs,
  writeSym,
  writeWtns,
} from '@zkinfer/core';
import { openAtomicFile, writeFileAtomically } from '@zkinfer/core/node';
import {
  parseProof,
  parsePublicSignals,
  readVerificationKey,
  requireSetupRecord,
} from '@zkinfer/prover';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { fieldElementOption } from '../option-parsers.ts';
import { parseSalt } from '../parse-salt.ts';
import { prepareInputs } from '../prepare-inputs.ts';
import { readProofFiles } from '../proof-files.ts';
import type { RunVerb, Session } from '../session.ts';
import { solidityCalldata } from '../solidity-calldata.ts';
import { wireNames } from '../wire-names.ts';

interface ExportCommandOptions {
  readonly r1cs?: string;
  readonly sym?: string;
  readonly wtns?: string;
  readonly input?: string;
  readonly inputSalt: string;
  readonly binder: bigint;
  readonly calldata?: true;
  readonly solidity?: string;
  readonly contractName?: string;
  readonly proof?: string;
  readonly public?: string;
}

/** Arguments, options and action of `zkinfer export`. */
export function defineExportVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory')
    .option('--r1cs <file>', 'the constraints')
    .option('--sym <file>', 'the names of the wires')
    .option('--wtns <file>', 'the witness for --input; secret')
    .option('--input <file>', 'JSON (nested or flat), .npy, or a grey or RGB PNG')
    .option('--input-salt <salt>', 'random, 0 (nothing is hidden), or @FILE', '0')
    .addOption(
      new Option('--binder <n>', 'what the witness is bound to')
        .argParser(fieldElementOption)
        .default(UNBOUND, '0'),
    )
    .option('--solidity <file>', 'a verifier contract for this model alone, without registry')
    .option('--contract-name <name>', 'its name (default: InferenceVerifier)')
    .option('--calldata', 'print the arguments of a contract’s verifyProof(a, b, c, signals)')
    .option('--proof <file>', 'proof.json for --calldata, or the folder that holds it')
    .option('--public <file>', 'public signals (default: public.json beside the proof)')
    .addHelpText('after', EXAMPLE)
    .action((dir: string, options: ExportCommandOptions) =>
      runVerb((session) => exportFiles(session, dir, options)),
    );
}

const EXAMPLE = `
Examples:
  npx zkinfer export artifacts/iris-mlp --r1cs circuit.r1cs --sym circuit.sym
  npx zkinfer export artifacts/iris-mlp --wtns witness.wtns --input examples/models/iris-mlp/setosa.json
  npx zkinfer export artifacts/iris-mlp --calldata --proof proof
  npx zkinfer export artifacts/iris-mlp --solidity InferenceVerifier.sol`;

async function exportFiles(
  session: Session,
  dir: string,
  options: ExportCommandOptions,
): Promise<ExitCode> {
  const { r1cs, sym, wtns, solidity } = options;
  requireWork(options);
  const model = await openCompiledModel(dir);
  if (r1cs !== undefined) await writeConstraints(model, r1cs);
  if (sym !== undefined) await writeFileAtomically(sym, writeSym(wireNames(model.summary)));
  if (wtns !== undefined) await writeWitness(session, model, wtns, options);
  if (solidity !== undefined) await writeSolidity(model, solidity, options.contractName);
  const calldata = options.calldata ? await readCalldata(options) : undefined;
  const written = [r1cs, sym, wtns, solidity].filter((path) => path !== undefined);
  const lines = written.map((path) => `wrote ${path}`);
  session.output.result([...lines, ...(calldata === undefined ? [] : [calldata])].join('\n'), {
    written,
    calldata,
  });
  return EXIT.done;
}

function requireWork(options: ExportCommandOptions): void {
  const { r1cs, sym, wtns, solidity, input, calldata, proof } = options;
  const nothing = [r1cs, sym, wtns, solidity].every((path) => path === undefined) && !calldata;
  if (nothing)
    throw usageError(
      'there is nothing to export',
      '--r1cs, --sym, --wtns, --solidity or --calldata',
    );
  if (wtns !== undefined && input === undefined)
    throw usageError('a witness needs an input', '--input');
  if (calldata && proof === undefined) throw usageError('calldata needs a proof', '--proof');
}

function usageError(what: string, expected: string): InputError {
  return new InputError({ code: 'CLI_EXPORT_OPTIONS', what, expected });
}

async function writeConstraints(model: CompiledModel, path: string): Promise<void> {
  const chunks: Uint8Array[] = [];
  writeR1cs(circuitOf(model), (chunk) => chunks.push(chunk.slice()));
  const file = await openAtomicFile(path);
  for (const chunk of chunks) await file.append(chunk);
  await file.commit();
}

async function writeWitness(
  { output }: Session,
  model: CompiledModel,
  path: string,
  { input, inputSalt, binder }: ExportCommandOptions,
): Promise<void> {
  const { integers } = await prepareInputs(model.network, input!, { strict: false, output });
  const salt = await parseSalt(inputSalt);
  const { witness } = calculateWitness(circuitOf(model), {
    inputs: integers,
    inputSalt: salt,
    binder,
  });
  await writeFileAtomically(path, writeWtns(witness), { mode: 0o600 });
}

async function writeSolidity(
  { directory }: CompiledModel,
  path: string,
  contractName: string | undefined,
): Promise<void> {
  const key = await readVerificationKey(directory);
  const { modelDigest } = directory.manifest;
  const { kind } = await requireSetupRecord(directory);
  const notes = [
    `Model digest ${modelDigest}, key of a ${kind} setup.`,
    'Public signals: outputHash, inputHash, binder. Check all of them: this contract cannot.',
  ];
  // Brings ethers, which no other export needs.
  const { standaloneVerifier } = await import('@zkinfer/verifier-contracts');
  const name = contractName === undefined ? {} : { contractName };
  await writeFileAtomically(path, standaloneVerifier(key, { ...name, notes }));
}

async function readCalldata({ proof, public: publicFile }: ExportCommandOptions): Promise<string> {
  const contents = await readProofFiles(proof!, publicFile);
  parseProof(contents.proof);
  parsePublicSignals(contents.publicSignals);
  return solidityCalldata(contents.proof as ProofJson, contents.publicSignals as PublicSignalsJson);
}
