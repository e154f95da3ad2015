import { type Circuit, circuitOf, openCompiledModel } from '@zkinfer/circuits';
import { InputError, IntegrityError, type Progress, SETUP_FILES } from '@zkinfer/core';
import {
  type ArtifactDirectory,
  openAtomicFile,
  removeLeftovers,
  sha256File,
} from '@zkinfer/core/node';
import {
  developmentSetup,
  findSetupRecord,
  powersOfTauSetup,
  provingKeyPath,
  type SetupRecord,
  storeSetup,
} from '@zkinfer/prover';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatBytes, formatDuration } from '../format-quantity.ts';
import { integerOption } from '../option-parsers.ts';
import type { RunVerb, Session } from '../session.ts';

interface SetupCommandOptions {
  readonly development?: true;
  readonly ptau?: string;
  readonly threads?: number;
  readonly force?: true;
}

/** Arguments, options and action of `zkinfer setup`. */
export function defineSetupVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory')
    .option(
      '--development',
      'a key of this machine alone, in seconds: for trying out, never for live chains',
    )
    .option(
      '--ptau <file>',
      'begin a ceremony from a prepared powers-of-tau file; go on with `ceremony contribute`',
    )
    .option(
      '--threads <n>',
      'threads of a development setup (default: all)',
      integerOption(1, 1024),
    )
    .option(
      '--force',
      'make new keys even if there are some; proofs of the old ones stop verifying',
    )
    .addHelpText('after', '\nExample:\n  npx zkinfer setup artifacts/mnist-lenet5 --development')
    .action((dir: string, options: SetupCommandOptions) =>
      runVerb((session) => setup(session, dir, options)),
    );
}

async function setup(
  { output, progress }: Session,
  dir: string,
  options: SetupCommandOptions,
): Promise<ExitCode> {
  requireOneKind(options);
  const model = await openCompiledModel(dir);
  const { directory } = model;
  await removeLeftovers(directory.path);
  const started = Date.now();
  const existing = options.force ? undefined : await intactSetup(directory, output.note);
  const upToDate = existing !== undefined && (await isSameSetup(existing, options));
  if (existing !== undefined && !upToDate) throw setupExists(dir, existing);
  const record = existing ?? (await makeKey(circuitOf(model), directory, options, progress));
  if (!upToDate) await storeSetup(directory, record);
  const { kind, keyBytes, keySha256, circuitDigest } = record;
  const took = formatDuration(Date.now() - started);
  const text = upToDate
    ? `${dir} has its ${kind} key: ${formatBytes(keyBytes)} (--force makes another).`
    : `Made the ${kind} key of ${dir} in ${took}: ${formatBytes(keyBytes)}.\n${adviceOf(record, dir)}`;
  output.result(text, { upToDate, directory: dir, kind, keyBytes, keySha256, circuitDigest });
  return EXIT.done;
}

function requireOneKind({ development, ptau }: SetupCommandOptions): void {
  if ((development === true) !== (ptau !== undefined)) return;
  throw new InputError({
    code: 'CLI_SETUP_KIND',
    what: 'a setup must be told which kind of keys to make',
    got: development ? 'both kinds' : 'neither',
    expected: '--development to try things out, or --ptau FILE to begin a ceremony',
  });
}

/**
 * The record of a setup whose files are as listed; undefined when there is none, or it has to be
 * made again.
 */
async function intactSetup(
  directory: ArtifactDirectory,
  note: (text: string) => void,
): Promise<SetupRecord | undefined> {
  try {
    const record = await findSetupRecord(directory);
    const listed = Object.values(SETUP_FILES).filter((name) => directory.has(name));
    await directory.verify(listed);
    return record;
  } catch (error) {
    if (!(error instanceof IntegrityError || error instanceof InputError)) throw error;
    note(`the keys in ${directory.path} are damaged or incomplete: making new ones`);
    return undefined;
  }
}

async function isSameSetup(record: SetupRecord, { ptau }: SetupCommandOptions): Promise<boolean> {
  if (ptau === undefined) return record.kind === 'development';
  return record.kind === 'ceremony' && record.ptauSha256 === (await sha256File(ptau)).sha256;
}

async function makeKey(
  circuit: Circuit,
  directory: ArtifactDirectory,
  { ptau, threads }: SetupCommandOptions,
  progress: Progress,
): Promise<SetupRecord> {
  const path = provingKeyPath(directory);
  const options = { progress, ...(threads === undefined ? {} : { threads }) };
  if (ptau !== undefined) return powersOfTauSetup(circuit, ptau, path, options);
  const file = await openAtomicFile(path);
  try {
    const record = await developmentSetup(circuit, (bytes) => file.append(bytes), options);
    await file.commit();
    return record;
  } catch (error) {
    await file.abort();
    throw error;
  }
}

/**
 * What must not happen by accident: contributions of a ceremony are lost, or a trusted key is
 * replaced.
 */
function setupExists(dir: string, { kind }: SetupRecord): InputError {
  return new InputError({
    code: 'CLI_SETUP_EXISTS',
    what: `${dir} already has keys of another setup`,
    got: kind === 'ceremony' ? 'a ceremony’s key' : 'a development key',
    hint: 'Use --force to replace them: proofs under the old key will no longer verify.',
  });
}

function adviceOf({ kind }: SetupRecord, dir: string): string {
  return kind === 'development'
    ? 'It convinces this machine alone: whoever made it could forge proofs. For others: --ptau FILE.'
    : `It proves nothing before someone contributes: npx zkinfer ceremony contribute ${dir} --name NAME`;
}
