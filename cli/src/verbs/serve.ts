import { relative, resolve } from 'node:path';
import { SERVICE_PATHS } from '@zkinfer/core/service';
import {
  type ConfigOverrides,
  LOG_LEVELS,
  type LogLevel,
  loadServiceConfig,
  openService,
  openServiceLogger,
  type RunningService,
  type ServiceConfig,
} from '@zkinfer/queue';
import { type Command, Option } from 'commander';
import { addressOption } from '../address-option.ts';
import { addSignerOptions, SIGNER_HELP, type SignerOptions } from '../chain-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { durationOption, integerOption } from '../option-parsers.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';
import { stopSignal } from '../stop-signal.ts';
import { readVersion } from '../version.ts';

interface ServeCommandOptions extends SignerOptions {
  readonly config?: string;
  readonly data?: string;
  readonly models?: string;
  readonly redis?: string;
  readonly rpc?: readonly string[];
  readonly deployments?: string;
  readonly payee?: string;
  readonly confirmations?: number;
  readonly host?: string;
  readonly port?: number;
  readonly anonymous?: boolean;
  readonly apiKeys?: string;
  readonly workers?: number;
  readonly engine?: string;
  readonly drain: number;
  readonly logLevel?: LogLevel;
}

/** Arguments, options and action of `zkinfer serve`. */
export function defineServeVerb(command: Command, runVerb: RunVerb): void {
  command
    .option('--config <file>', 'JSON, see docs/operations.md; options count more than it')
    .option('--data <dir>', 'where jobs, inputs and proofs are kept (default: zkinfer-data)')
    .option('--models <dir>', 'a folder of compiled directories with keys (default: artifacts)')
    .addOption(
      new Option('--redis <url>', 'queue for `zkinfer worker`; none: all in this process').env(
        'REDIS_URL',
      ),
    )
    .option('--rpc <url...>', 'endpoints of a chain to serve, too; the first that answers is asked')
    .option('--deployments <dir>', 'where <chain id>.json says what is deployed there')
    .option('--payee <address>', 'who earns (default: the signer)', addressOption)
    .option('--confirmations <n>', 'blocks after which an event counts', integerOption(1, 10_000))
    .option('--host <address>', 'where it listens (default: 127.0.0.1)')
    .option('--port <n>', 'where it listens (default: 8080); 0: any free', integerOption(0, 65_535))
    .option('--api-keys <file>', 'of `zkinfer api-key` (default: in the data directory)')
    .option('--anonymous', 'no keys asked for on the loopback (default without --config)')
    .option('--no-anonymous', 'ask for API keys')
    .option('--workers <n>', 'tasks at a time in this process (default: 1)', integerOption(0, 64))
    .option('--engine <name>', 'what makes proofs, as in `prove`')
    .option('--drain <time>', 'how long running work may go on after SIGTERM', durationOption, 120)
    .addOption(
      new Option(
        '--log-level <level>',
        'JSON on stderr (default: info; on a terminal warn)',
      ).choices(LOG_LEVELS),
    );
  addSignerOptions(command)
    .addHelpText('after', `${SIGNER_HELP}${EXAMPLES}`)
    .action((options: ServeCommandOptions) => runVerb((session) => serve(session, options)));
}

const EXAMPLES = `

Examples:
  npx zkinfer serve                                          one person, one machine
  npx zkinfer serve --rpc http://127.0.0.1:8545 --account 3  and the chain of \`zkinfer dev\`
  npx zkinfer serve --config /etc/zkinfer/serve.json`;

async function serve(
  { output, progress }: Session,
  options: ServeCommandOptions,
): Promise<ExitCode> {
  const stopped = stopSignal();
  const starting = new AbortController();
  void stopped.then(() => starting.abort());
  const config = await loadServiceConfig({
    ...(options.config === undefined ? {} : { file: options.config }),
    overrides: overridesOf(options),
  });
  const logger = openServiceLogger(options.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info'));
  progress.stage('starting');
  const graceMs = 1_000 * options.drain;
  const { signal } = starting;
  const service = await openService(config, { version: readVersion(), logger, graceMs, signal });
  progress.stop();
  output.result(textOf(service, config), {
    url: service.url,
    dashboard: dashboardOf(service),
    backend: service.backend,
    workers: config.workers.embedded,
    engine: service.engine,
    data: config.dataDirectory,
    chains: service.chains.map((chain) => ({ ...chain })),
  });
  await stopped;
  output.note('Stopping when what runs is done; Ctrl-C again stops at once.');
  await service.close();
  return EXIT.done;
}

function textOf(service: RunningService, config: ServiceConfig): string {
  const { embedded } = config.workers;
  const workers =
    embedded === 0 ? 'none here: start `zkinfer worker`' : `${embedded} here, ${service.engine}`;
  const chains = service.chains.flatMap(({ chainId, coprocessor, signer, payee }) => [
    ['chain', `${chainId}, coprocessor ${coprocessor}`] as const,
    ['payee', payee === signer ? payee : `${payee}, signer ${signer}`] as const,
  ]);
  return renderFacts([
    ['service', `${service.url}${config.http.anonymous ? ', no key asked for' : ''}`],
    ['dashboard', dashboardOf(service)],
    ...(chains.length > 0 ? chains : ([['chain', 'none: see --rpc']] as const)),
    ['queue', service.backend === 'bullmq' ? 'BullMQ on Redis' : 'in this process'],
    ['workers', workers],
    ['models', asTyped(config.models)],
    ['data', asTyped(config.dataDirectory)],
    ['', 'Ctrl-C stops it.'],
  ]);
}

/** Relative to the working directory where that is shorter. */
function asTyped(path: string): string {
  const below = relative('.', path);
  return below === '' || below.startsWith('..') ? path : below;
}

function dashboardOf({ url }: RunningService): string {
  return url + SERVICE_PATHS.dashboard;
}

/** What is named on the command line; paths relative to the working directory. */
function overridesOf(options: ServeCommandOptions): ConfigOverrides {
  const { data, models, redis, host, port, apiKeys, workers, engine } = options;
  const anonymous = options.anonymous ?? (options.config === undefined ? !apiKeys : undefined);
  return present({
    dataDirectory: data,
    models,
    // REDIS_URL may be set to nothing.
    redis: redis ? { url: redis, urlFile: undefined } : undefined,
    http: present({ host, port, anonymous, apiKeys: absolute(apiKeys) }),
    workers: present({ embedded: workers, engine }),
    chains: options.rpc === undefined ? undefined : [chainOf(options)],
  });
}

function chainOf(options: ServeCommandOptions): object {
  const { rpc, deployments, payee, confirmations } = options;
  return present({ rpc, deployments, payee, confirmations, signer: signerOf(options) });
}

/** As the other verbs take it: a keystore, ZKINFER_PRIVATE_KEY, or a test account. */
function signerOf({ keystore, passwordFile, account }: SignerOptions): object {
  const hasKey = process.env.ZKINFER_PRIVATE_KEY !== undefined;
  const password =
    passwordFile === undefined ? { passwordVariable: 'ZKINFER_PASSWORD' } : { passwordFile };
  return present({
    keystore,
    ...(keystore === undefined ? {} : password),
    variable: hasKey ? 'ZKINFER_PRIVATE_KEY' : undefined,
    account,
  });
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

/** Without what is undefined: that would remove what the file says. */
function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
