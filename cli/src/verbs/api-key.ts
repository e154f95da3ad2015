import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeError } from '@zkinfer/core/node';
import {
  API_KEY_ROLES,
  type ApiKeyRole,
  createApiKey,
  dataLayout,
  loadServiceConfig,
  readApiKeys,
  revokeApiKey,
} from '@zkinfer/queue';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatCount, formatTime } from '../format-quantity.ts';
import { integerOption } from '../option-parsers.ts';
import { renderFacts, renderTable } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

interface KeyFileOptions {
  readonly config?: string;
  readonly data?: string;
  readonly apiKeys?: string;
}

interface CreateOptions extends KeyFileOptions {
  readonly role: readonly [ApiKeyRole, ...ApiKeyRole[]];
  readonly rate?: number;
  readonly daily?: number;
}

/** Arguments, options and action of `zkinfer api-key create|list|revoke`. */
export function defineApiKeyVerb(verb: Command, runVerb: RunVerb): void {
  verb.addHelpText('after', EXAMPLES);
  addKeyFileOptions(verb.command('create'))
    .description('make a key; it is shown once')
    .argument('<name>', 'whose it is: lower-case letters, digits and -')
    .addOption(
      new Option('--role <role...>', 'what it may do').choices(API_KEY_ROLES).makeOptionMandatory(),
    )
    .option('--rate <n>', 'requests a minute (default: 600)', integerOption(1, 1_000_000))
    .option('--daily <n>', 'jobs a day (default: 10,000)', integerOption(0, 1_000_000_000))
    .action((name: string, options: CreateOptions) =>
      runVerb((session) => create(session, name, options)),
    );
  addKeyFileOptions(verb.command('list'))
    .description('the keys that there are, by name')
    .action((options: KeyFileOptions) => runVerb((session) => list(session, options)));
  addKeyFileOptions(verb.command('revoke'))
    .description('let a key in no more')
    .argument('<name>', 'as `list` shows it')
    .action((name: string, options: KeyFileOptions) =>
      runVerb((session) => revoke(session, name, options)),
    );
}

const EXAMPLES = `
Example:
  npx zkinfer api-key create lending-desk --role client --rate 60 --daily 1000`;

function addKeyFileOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'data directory of the service (default: zkinfer-data)')
    .option('--config <file>', 'configuration of the service, which names the file')
    .option('--api-keys <file>', 'the file itself');
}

async function create(
  { output }: Session,
  name: string,
  { role, rate, daily, ...place }: CreateOptions,
): Promise<ExitCode> {
  const path = await pathOf(place);
  // A service makes its data directory like this, and may not have run yet.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw writeError(cause, path);
  });
  const { key, webhookSecret } = await createApiKey(path, {
    name,
    roles: role,
    ...(rate === undefined ? {} : { ratePerMinute: rate }),
    ...(daily === undefined ? {} : { dailyJobs: daily }),
  });
  const text = renderFacts([
    ['key', key],
    ['webhooks', `signed with ${webhookSecret}`],
    ['kept in', `${path}, as a digest: the key is not shown again`],
  ]);
  output.result(text, { name, roles: role, key, webhookSecret, file: path });
  return EXIT.done;
}

async function list({ output }: Session, place: KeyFileOptions): Promise<ExitCode> {
  const keys = await readApiKeys(await pathOf(place));
  const columns = [
    { heading: 'name' },
    { heading: 'roles' },
    { heading: 'a minute', align: 'right' as const },
    { heading: 'jobs a day', align: 'right' as const },
    { heading: 'made' },
  ];
  const rows = keys.map(({ name, roles, ratePerMinute, dailyJobs, createdAt }) => [
    name,
    roles.join(', '),
    formatCount(ratePerMinute),
    formatCount(dailyJobs),
    formatTime(BigInt(Math.floor(createdAt / 1000))),
  ]);
  const shown = keys.map(({ name, roles, ratePerMinute, dailyJobs, createdAt }) => {
    return { name, roles, ratePerMinute, dailyJobs, createdAt };
  });
  output.result(renderTable(columns, rows), { keys: shown });
  return EXIT.done;
}

async function revoke({ output }: Session, name: string, place: KeyFileOptions): Promise<ExitCode> {
  const path = await pathOf(place);
  await revokeApiKey(path, name);
  output.result(`Revoked ${name}. Its jobs go on.`, { name, file: path });
  return EXIT.done;
}

/** Where the service that options name looks for its keys. */
async function pathOf({ config, data, apiKeys }: KeyFileOptions): Promise<string> {
  if (apiKeys !== undefined) return apiKeys;
  const { http, dataDirectory } = await loadServiceConfig({
    ...(config === undefined ? {} : { file: config }),
    ...(data === undefined ? {} : { overrides: { dataDirectory: data } }),
  });
  return http.apiKeys ?? dataLayout(dataDirectory).apiKeys;
}
