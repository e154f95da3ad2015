import { availableParallelism } from 'node:os';
import { InputError } from '@zkinfer/core';
import { ENGINE_NAMES } from '@zkinfer/prover';
import {
  BullmqBackend,
  DEFAULT_STAGES,
  type InferenceWorker,
  LOG_LEVELS,
  type LogLevel,
  openServiceLogger,
  reportThrough,
  startInferenceWorker,
  workerIdOf,
} from '@zkinfer/queue';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatBytes, formatDuration } from '../format-quantity.ts';
import { durationOption, integerOption, memoryOption, sha256Option } from '../option-parsers.ts';
import { readText } from '../read-file.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';
import { stopSignal } from '../stop-signal.ts';
import { readVersion } from '../version.ts';
import { type ArtifactOptions, openArtifacts } from '../worker-artifacts.ts';

interface WorkerCommandOptions extends ArtifactOptions {
  readonly redis?: string;
  readonly redisUrlFile?: string;
  readonly redisPrefix?: string;
  readonly lock: number;
  readonly name?: string;
  readonly concurrency: number;
  readonly memory: number;
  readonly engine?: string;
  readonly allow?: readonly string[];
  readonly drain: number;
  readonly logLevel?: LogLevel;
}

const GIB = 2 ** 30;
const DEFAULT_LOCK_SECONDS = 30;
const DEFAULT_DRAIN_SECONDS = 600;

/** Options and action of `zkinfer worker`. */
export function defineWorkerVerb(command: Command, runVerb: RunVerb): void {
  command
    .addOption(new Option('--redis <url>', 'the queue of the service').env('REDIS_URL'))
    .option('--redis-url-file <file>', 'where its address is, with the password')
    .option('--redis-prefix <text>', 'as the service has it')
    .option(
      '--lock <time>',
      'when others get its tasks if it dies',
      durationOption,
      DEFAULT_LOCK_SECONDS,
    )
    .addOption(
      new Option('--service <url>', 'where inputs and models come from').env('ZKINFER_SERVICE'),
    )
    .option('--api-key-file <file>', 'its key for workers')
    .option('--cache <dir>', 'where models of a service are kept', 'zkinfer-cache')
    .option('--data <dir>', 'instead of --service: the data directory that it has, too')
    .option('--models <dir>', 'and its folder of compiled directories with keys')
    .option('--name <name>', 'in lists of workers (default: of the host)')
    .option('--concurrency <n>', 'proofs at a time; each has all cores', integerOption(1, 64), 1)
    .option('--memory <size>', 'for models and keys, such as 4GiB', memoryOption, 4 * GIB)
    .addOption(
      new Option('--engine <name>', 'what makes proofs, as in `prove`').choices(ENGINE_NAMES),
    )
    .option('--allow <digest...>', 'serve these models alone', collectDigests)
    .option(
      '--drain <time>',
      'how long tasks may go on after SIGTERM',
      durationOption,
      DEFAULT_DRAIN_SECONDS,
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'JSON on stderr (default: info; on a terminal warn)',
      ).choices(LOG_LEVELS),
    )
    .addHelpText('after', HELP)
    .action((options: WorkerCommandOptions) => runVerb((session) => work(session, options)));
}

const HELP = `
On SIGTERM or Ctrl-C it takes no more tasks and finishes those that it has; what takes longer than --drain goes to
other workers. A second signal ends it at once.

Examples:
  npx zkinfer worker --redis redis://localhost --data zkinfer-data --models artifacts     beside its service
  npx zkinfer worker --redis-url-file url --service https://zkinfer.example.org --api-key-file key`;

async function work(
  { output, progress }: Session,
  options: WorkerCommandOptions,
): Promise<ExitCode> {
  const stopped = stopSignal();
  const logger = openServiceLogger(options.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info'));
  progress.stage('starting');
  const artifacts = await openArtifacts(options, logger);
  const { redisPrefix } = options;
  const backend = await BullmqBackend.open({
    url: await requireRedisUrl(options),
    lockMs: 1_000 * options.lock,
    ...(redisPrefix === undefined ? {} : { prefix: redisPrefix }),
    logger,
  });
  try {
    const worker = await startInferenceWorker({
      backend,
      ...artifacts,
      stages: DEFAULT_STAGES,
      report: reportThrough(backend),
      workerId: options.name?.toLowerCase() ?? workerIdOf('worker'),
      version: readVersion(),
      concurrency: options.concurrency,
      memoryLimitBytes: options.memory,
      ...(options.engine === undefined ? {} : { engine: options.engine }),
      allowedModels: options.allow ?? null,
      logger,
    });
    progress.stop();
    const { workerId, engine } = worker.status();
    const { found, from } = artifacts;
    const served = found.filter((digest) => options.allow?.includes(digest) ?? true);
    output.result(textOf(worker, from, served, options), { workerId, engine, models: served });
    await stopped;
    output.note(
      `Finishing what runs, for ${formatDuration(1_000 * options.drain)} at most; again: at once.`,
    );
    await worker.drain({ graceMs: 1_000 * options.drain });
    return EXIT.done;
  } finally {
    await backend.close();
  }
}

function textOf(
  worker: InferenceWorker,
  from: string,
  served: readonly string[],
  { concurrency }: WorkerCommandOptions,
): string {
  const { workerId, engine, memoryLimitBytes } = worker.status();
  const models = served.length === 1 ? '1 model' : `${served.length} models`;
  return renderFacts([
    ['worker', workerId],
    ['serves', `${models} of ${from}`],
    ['engine', `${engine} on ${availableParallelism()} threads`],
    ['at a time', concurrency === 1 ? '1 proof' : `${concurrency} proofs`],
    ['memory', `${formatBytes(memoryLimitBytes)} for models and keys`],
    ['', 'Ctrl-C stops it.'],
  ]);
}

/** @throws InputError CLI_NO_REDIS, CORE_FILE_MISSING */
async function requireRedisUrl({ redis, redisUrlFile }: WorkerCommandOptions): Promise<string> {
  if (redisUrlFile !== undefined) return (await readText(redisUrlFile)).trim();
  if (redis) return redis;
  throw new InputError({
    code: 'CLI_NO_REDIS',
    what: 'a worker needs the Redis that its service puts tasks into',
    expected: '--redis URL, REDIS_URL, or --redis-url-file FILE',
    hint: 'A service without Redis works by itself: npx zkinfer serve.',
  });
}

function collectDigests(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), sha256Option(text)];
}
