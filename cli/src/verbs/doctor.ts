import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { type BackendCandidate, loadTensorflow } from '@zkinfer/circuits';
import { ZkinferError } from '@zkinfer/core';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { chainFinding } from '../findings/chain-finding.ts';
import { dataFinding } from '../findings/data-finding.ts';
import { engineFinding } from '../findings/engine-finding.ts';
import type { Finding } from '../findings/finding.ts';
import { keyFinding } from '../findings/key-finding.ts';
import { modelFindings } from '../findings/model-findings.ts';
import { redisFinding } from '../findings/redis-finding.ts';
import { serviceFindings } from '../findings/service-findings.ts';
import { formatBytes } from '../format-quantity.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';
import { readVersion } from '../version.ts';

/** LeNet-5's development setup and proof fit into this much memory, with room for the system. */
const COMFORTABLE_MEMORY = 2e9;
/** A key of a circuit of 2^17 rows, its compiled model and proofs. */
const COMFORTABLE_DISK = 1e9;

interface DoctorCommandOptions {
  readonly redis?: string;
  readonly rpc?: readonly string[];
  readonly keystore?: readonly string[];
  readonly models?: string;
  readonly data?: string;
  readonly config?: string;
}

/** Arguments, options and action of `zkinfer doctor`. */
export function defineDoctorVerb(command: Command, runVerb: RunVerb): void {
  command
    .addOption(new Option('--redis <url>', 'check a Redis for queues').env('REDIS_URL'))
    .option('--rpc <url...>', 'check endpoints of chains')
    .option('--keystore <file...>', 'check encrypted key files')
    .option('--models <dir>', 'check the compiled directories in a folder, every file')
    .option('--data <dir>', 'check the data directory of a service')
    .option('--config <file>', 'check what `zkinfer serve --config` would need: all of the above')
    .addHelpText(
      'after',
      `
Examples:
  npx zkinfer doctor
  npx zkinfer doctor --redis redis://127.0.0.1:6379 --rpc http://127.0.0.1:8545 --models artifacts

Exit code 3 if something needed is missing.`,
    )
    .action((options: DoctorCommandOptions) => runVerb((session) => doctor(session, options)));
}

async function doctor({ output }: Session, options: DoctorCommandOptions): Promise<ExitCode> {
  const tensorflow = await tensorflowFindings();
  const findings = [
    ...(await machineFindings()),
    await engineFinding(),
    tensorflow.finding,
    ...(await namedFindings(options)),
  ];
  const lacking = findings.some(({ state }) => state === 'missing');
  output.result(textOf(findings, tensorflow.candidates), {
    zkinfer: readVersion(),
    ready: !lacking,
    findings: findings.map((finding) => ({ ...finding })),
    tensorflow: tensorflow.candidates.map((candidate) => ({ ...candidate })),
  });
  return lacking ? EXIT.environment : EXIT.done;
}

/** On what services need, as far as options name it. */
async function namedFindings(options: DoctorCommandOptions): Promise<Finding[]> {
  const { redis, rpc = [], keystore = [], models, data, config } = options;
  return [
    // REDIS_URL may be set to nothing.
    ...(redis ? [await redisFinding(redis)] : []),
    ...(await Promise.all(rpc.map((url) => chainFinding(url)))),
    ...(await Promise.all(keystore.map(keyFinding))),
    ...(data === undefined ? [] : [await dataFinding(data)]),
    ...(models === undefined ? [] : await modelFindings(models)),
    ...(config === undefined ? [] : await serviceFindings(config)),
  ];
}

async function machineFindings(): Promise<Finding[]> {
  const [memory, disk] = [totalmem(), await freeDisk()];
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return [
    { subject: 'zkinfer', state: 'ok', found: readVersion() },
    {
      subject: 'Node.js',
      state: 'ok',
      found: `${process.version} on ${process.platform} ${process.arch}`,
    },
    { subject: 'processor', state: 'ok', found: `${availableParallelism()} threads, ${model}` },
    {
      subject: 'memory',
      state: memory < COMFORTABLE_MEMORY ? 'note' : 'ok',
      found: `${formatBytes(memory)}, ${formatBytes(freemem())} free`,
      ...(memory < COMFORTABLE_MEMORY
        ? {
            advice:
              'Models of LeNet-5’s size need about 0.4 GB, the engine snarkjs and ceremonies 1 GB.',
          }
        : {}),
    },
    {
      subject: 'disk',
      state: disk < COMFORTABLE_DISK ? 'note' : 'ok',
      found: `${formatBytes(disk)} free here`,
      ...(disk < COMFORTABLE_DISK ? { advice: 'A key of 2^17 rows takes about 100 MB.' } : {}),
    },
  ];
}

async function freeDisk(): Promise<number> {
  const { bavail, bsize } = await statfs('.');
  return bavail * bsize;
}

/** TensorFlow.js runs float models: compiling and evaluating need it, proving does not. */
async function tensorflowFindings(): Promise<{
  finding: Finding;
  candidates: readonly BackendCandidate[];
}> {
  try {
    const { tf, backend, candidates } = await loadTensorflow();
    const found = `${tf.version_core}, backend ${backend}: the fastest that works here`;
    return { finding: { subject: 'TensorFlow.js', state: 'ok', found }, candidates };
  } catch (error) {
    if (!(error instanceof ZkinferError)) throw error;
    const finding = { subject: 'TensorFlow.js', state: 'missing', found: error.what } as const;
    return {
      finding: { ...finding, advice: 'Run npm ci in the repository root.' },
      candidates: [],
    };
  }
}

function textOf(findings: readonly Finding[], candidates: readonly BackendCandidate[]): string {
  const marks = { ok: '✓', note: '!', missing: '✗' };
  const facts = findings.map(
    ({ subject, state, found, advice }) =>
      [`${marks[state]} ${subject}`, advice === undefined ? found : `${found}. ${advice}`] as const,
  );
  const states = candidates.map(({ name, available, reason, howToInstall }): [string, string] => {
    if (available === true) return [`  ${name}`, 'in use'];
    if (available === null) return [`  ${name}`, `not tried: ${reason}`];
    return [`  ${name}`, `not available: ${shortReason(reason)}. ${howToInstall}`];
  });
  return [
    renderFacts(facts),
    '',
    'TensorFlow.js backends, fastest first. They run float models for calibration and evaluation;',
    'proving needs none of them.',
    renderFacts(states),
  ].join('\n');
}

/** Node names the importing file too; all that matters is that the package is not there. */
function shortReason(reason: string): string {
  return reason.startsWith('Cannot find package') ? 'not installed' : reason;
}
