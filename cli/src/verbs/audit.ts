import {
  type CompiledModel,
  compileCircuit,
  isSummaryOf,
  openCompiledModel,
} from '@zkinfer/circuits';
import { circuitDigest, IntegrityError } from '@zkinfer/core';
import { modelPin } from '@zkinfer/core/service';
import {
  type AuditFinding,
  auditKey,
  provingKeyPath,
  readVerificationKey,
  requireSetupRecord,
} from '@zkinfer/prover';
import type { Command } from 'commander';
import { addEndpointOptions, chainIdOption, type EndpointOptions } from '../endpoint-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { hash32Option } from '../option-parsers.ts';
import type { RunVerb, Session } from '../session.ts';

interface AuditCommandOptions extends EndpointOptions {
  readonly ptau?: string;
  readonly allowDevelopment?: true;
  /** True: whatever chain the endpoint serves. */
  readonly chain?: bigint | true;
  readonly modelId?: string;
}

/** Arguments, options and action of `zkinfer audit`. */
export function defineAuditVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory with keys')
    .option('--ptau <file>', 'the powers of tau that the ceremony began with: needed to verify it')
    .option('--allow-development', 'answer yes to a development key that is consistent otherwise')
    .option(
      '--chain [id]',
      'also compare with what is registered on a chain, and with the code there',
      chainIdOption,
    )
    .option('--model-id <id>', 'if several owners registered the model', hash32Option);
  addEndpointOptions(command)
    .addHelpText('after', HELP)
    .action((dir: string, options: AuditCommandOptions) =>
      runVerb((session) => auditOrDiffer(session, dir, options)),
    );
}

const HELP = `
Exit code 0 if every check passed, 1 if one failed or could not be made. What is sound gets a pin, by which clients know it.

Examples:
  npx zkinfer audit artifacts/mnist-lenet5 --ptau powersOfTau28_hez_final_18.ptau
  npx zkinfer audit artifacts/iris-mlp --allow-development --chain`;

/** What is altered so that it cannot even be read is a difference too, and the answer no. */
async function auditOrDiffer(
  session: Session,
  dir: string,
  options: AuditCommandOptions,
): Promise<ExitCode> {
  try {
    return await audit(session, dir, options);
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    const finding = { check: error.what, outcome: 'failed', code: error.code };
    const got = `got ${error.got ?? 'something else'}, expected ${error.expected ?? 'the original'}`;
    session.output.result(`✗ ${error.what}: ${got}\n\nNot sound.`, {
      sound: false,
      findings: [finding],
    });
    return EXIT.no;
  }
}

async function audit(
  { output, progress }: Session,
  dir: string,
  options: AuditCommandOptions,
): Promise<ExitCode> {
  const { ptau, allowDevelopment } = options;
  progress.stage('rebuilding the circuit');
  const model = await openCompiledModel(dir);
  const { network, directory, summary } = model;
  const setup = await requireSetupRecord(directory);
  const system = compileCircuit(network);
  const digest = circuitDigest(system);
  const verificationKey = await readVerificationKey(directory);
  await directory.verify();
  progress.stage('checking the key');
  const keyPath = provingKeyPath(directory);
  const subject = { system, keyPath, setup, verificationKey };
  const key = await auditKey(ptau === undefined ? subject : { ...subject, ptauPath: ptau });
  const findings: AuditFinding[] = [
    { check: 'every file is the one that the manifest lists', outcome: 'passed' },
    compare(
      'circuit.json describes the circuit of model.json',
      isSummaryOf(summary, system, digest),
    ),
    ...key.findings,
    ...(await chainFindings(model, options)),
  ];
  const open = findings.filter(({ outcome }) => outcome === 'open').length;
  const failed = findings.filter(({ outcome }) => outcome === 'failed').length;
  const excused = allowDevelopment === true && setup.kind === 'development';
  const sound = failed === 0 && (open === 0 || excused);
  const pin = sound ? await pinOf(model) : undefined;
  const verdict = verdictOf({ sound, failed, open });
  const advice = pin === undefined ? '' : `\n\npin  ${pin}  for clients of this model`;
  output.result(`${textOf(findings)}\n\n${verdict}${advice}`, {
    sound,
    ...(pin === undefined ? {} : { pin }),
    kind: setup.kind,
    modelDigest: directory.manifest.modelDigest,
    circuitDigest: digest,
    findings: findings.map((finding) => ({ ...finding })),
  });
  return sound ? EXIT.done : EXIT.no;
}

/** What clients ask for, so that no service can give them another model or key. */
async function pinOf(model: CompiledModel): Promise<string> {
  // Belongs to the queue, which offline verbs start without.
  const { describeModel } = await import('@zkinfer/queue/describe-model');
  return modelPin(await describeModel(model));
}

async function chainFindings(
  model: CompiledModel,
  { chain, rpc, deployments, modelId }: AuditCommandOptions,
): Promise<AuditFinding[]> {
  if (chain === undefined) return [];
  // Brings ethers, which no other part of an audit needs.
  const { auditChain } = await import('../audit-chain.ts');
  return auditChain(model, {
    rpc,
    deployments,
    ...(chain === true ? {} : { chain }),
    ...(modelId === undefined ? {} : { modelId }),
  });
}

function compare(check: string, passed: boolean): AuditFinding {
  return { check, outcome: passed ? 'passed' : 'failed' };
}

function textOf(findings: readonly AuditFinding[]): string {
  const marks = { passed: '✓', failed: '✗', open: '?' };
  return findings
    .map(({ check, outcome, detail }) => `${marks[outcome]} ${check}${detail ? `: ${detail}` : ''}`)
    .join('\n');
}

function verdictOf({
  sound,
  failed,
  open,
}: {
  sound: boolean;
  failed: number;
  open: number;
}): string {
  if (sound) return open === 0 ? 'Sound.' : 'Consistent; a development key, as allowed.';
  if (failed > 0) return `Not sound: ${failed} of the checks failed.`;
  return `Not shown to be sound: nothing contradicts the claim, but not every check could be made (${open} open).`;
}
