import { circuitOf, openCompiledModel } from '@zkinfer/circuits';
import { InputError } from '@zkinfer/core';
import type { ArtifactDirectory } from '@zkinfer/core/node';
import {
  applyBeacon,
  type CeremonySetupRecord,
  contributeToKey,
  provingKeyPath,
  requireSetupRecord,
  storeSetup,
  verifyCeremony,
} from '@zkinfer/prover';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { integerOption } from '../option-parsers.ts';
import { readText } from '../read-file.ts';
import type { RunVerb, Session } from '../session.ts';

interface ContributeOptions {
  readonly name: string;
  readonly entropyFile?: string;
}

interface BeaconOptions {
  readonly name: string;
  readonly value: string;
  readonly iterationsLog2: number;
}

/** Arguments, options and action of `zkinfer ceremony contribute|beacon|verify`. */
export function defineCeremonyVerb(ceremony: Command, runVerb: RunVerb): void {
  ceremony.addHelpText('after', EXAMPLE);
  ceremony
    .command('contribute')
    .description('add randomness: the key is sound if one contributor forgets theirs')
    .argument('<dir>', 'compiled directory')
    .requiredOption('--name <text>', 'who contributes; goes into the transcript')
    .option('--entropy-file <file>', 'more randomness, besides the system’s')
    .action((dir: string, options: ContributeOptions) =>
      runVerb((session) => contribute(session, dir, options)),
    );
  ceremony
    .command('beacon')
    .description('close the ceremony with public randomness that nobody knew beforehand')
    .argument('<dir>', 'compiled directory')
    .requiredOption('--value <hex>', 'the beacon: a later block’s hash, for example')
    .option('--iterations-log2 <n>', 'it is hashed 2^n times', integerOption(10, 32), 10)
    .option('--name <text>', 'what the transcript calls it', 'final beacon')
    .action((dir: string, options: BeaconOptions) =>
      runVerb((session) => beacon(session, dir, options)),
    );
  ceremony
    .command('verify')
    .description('verify the key against circuit, powers of tau and all contributions')
    .argument('<dir>', 'compiled directory')
    .requiredOption('--ptau <file>', 'the powers of tau that the setup began with')
    .action((dir: string, { ptau }: { ptau: string }) =>
      runVerb((session) => verify(session, dir, ptau)),
    );
}

const EXAMPLE = `
Example:
  npx zkinfer setup DIR --ptau powersOfTau28_hez_final_18.ptau
  npx zkinfer ceremony contribute DIR --name "Ada"
  npx zkinfer ceremony beacon DIR --value 0000000000000000000281ad…
  npx zkinfer ceremony verify DIR --ptau powersOfTau28_hez_final_18.ptau`;

async function contribute(
  session: Session,
  dir: string,
  { name, entropyFile }: ContributeOptions,
): Promise<ExitCode> {
  const entropy = entropyFile === undefined ? {} : { entropy: await readText(entropyFile) };
  return changeKey(session, dir, 'contributing', (path, record) =>
    contributeToKey(path, path, record, { name, ...entropy }),
  );
}

function beacon(session: Session, dir: string, options: BeaconOptions): Promise<ExitCode> {
  const { name, iterationsLog2 } = options;
  const value = options.value.replace(/^0x/, '').toLowerCase();
  return changeKey(session, dir, 'applying the beacon', (path, record) =>
    applyBeacon(path, path, record, name, { value, iterationsLog2 }),
  );
}

/**
 * Replaces the key by what `change` makes of it, and tells the contribution's hash, which
 * contributors publish.
 */
async function changeKey(
  { output, progress }: Session,
  dir: string,
  stage: string,
  change: (keyPath: string, record: CeremonySetupRecord) => Promise<CeremonySetupRecord>,
): Promise<ExitCode> {
  const { directory } = await openCompiledModel(dir);
  const before = await requireCeremony(directory);
  progress.stage(stage);
  const record = await change(provingKeyPath(directory), before);
  await storeSetup(directory, record);
  const latest = record.contributions[record.contributions.length - 1]!;
  const text = [
    `Contribution ${record.contributions.length}, "${latest.name}". Publish its hash:`,
    ...(latest.hash.match(/.{1,64}/g) ?? []).map((line) => `  ${line}`),
  ];
  output.result(text.join('\n'), {
    directory: dir,
    keySha256: record.keySha256,
    contributions: record.contributions.map(({ name, hash }) => ({ name, hash })),
  });
  return EXIT.done;
}

async function verify({ output, progress }: Session, dir: string, ptau: string): Promise<ExitCode> {
  const model = await openCompiledModel(dir);
  const record = await requireCeremony(model.directory);
  progress.stage('verifying the ceremony');
  const verdict = await verifyCeremony(circuitOf(model), ptau, provingKeyPath(model.directory));
  const names = record.contributions.map(({ name }) => `  ${name}`).join('\n');
  const text = verdict.valid
    ? `The key follows from circuit, powers of tau and ${record.contributions.length} contributions:\n${names}`
    : `The key is not valid: ${verdict.reason}.`;
  output.result(text, { ...verdict, contributions: record.contributions.map(({ name }) => name) });
  return verdict.valid ? EXIT.done : EXIT.no;
}

async function requireCeremony(directory: ArtifactDirectory): Promise<CeremonySetupRecord> {
  const record = await requireSetupRecord(directory);
  if (record.kind === 'ceremony') return record;
  throw new InputError({
    code: 'CLI_NOT_A_CEREMONY',
    what: `${directory.path} has a development key: no ceremony can make it trustworthy`,
    hint: `Begin with: npx zkinfer setup ${directory.path} --ptau FILE --force`,
  });
}
