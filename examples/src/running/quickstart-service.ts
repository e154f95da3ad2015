/** `zkinfer serve` for the quickstart: with Redis at hand beside a `zkinfer worker`, else alone. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Overview, OverviewSchema, readSchema, SERVICE_PATHS } from '@zkinfer/core/service';
import { RedisProcess } from '@zkinfer/queue/testing';
import { ACCOUNT, CHAIN_FOLDER, type LocalMarket } from '../on-chain/local-market.ts';
import { print, ROOT } from '../zkinfer-step.ts';
import { BackgroundCommand } from './background-command.ts';
import type { EndInOrder } from './end-in-order.ts';

/** A service that answers. */
export interface QuickstartService {
  /** http://127.0.0.1:… */
  readonly url: string;
  overview(): Promise<Overview>;
}

/** Where the queue is, and how it is said. */
interface Queue {
  readonly redis: { readonly url: string; readonly prefix?: string } | undefined;
  readonly said: string;
}

const CONFIG = `${CHAIN_FOLDER}/serve.json`;
const READY_POLL_MS = 200;

/**
 * Starts everything, and waits until it is ready.
 * @param modelDigest of the only model that is served
 * @throws FailedStep
 */
export async function startService(
  market: LocalMarket,
  modelDigest: string,
  running: EndInOrder,
): Promise<QuickstartService> {
  const queue = await findQueue(running);
  print(`\n${queue.said}`);
  const port = await freePort();
  writeConfig(market, { modelDigest, port, queue });
  const log = (name: string) => join(ROOT, CHAIN_FOLDER, `${name}.log`);
  const url = `http://127.0.0.1:${port}`;
  const service = running.keep(BackgroundCommand.start(log('serve'), 'serve', '--config', CONFIG));
  await ready(`${url}${SERVICE_PATHS.health}`, [service]);
  const started = [service];
  if (queue.redis !== undefined) {
    const { url: redis, prefix } = queue.redis;
    const place = ['--data', `${CHAIN_FOLDER}/data`, '--models', 'artifacts'];
    const shared = prefix === undefined ? [] : ['--redis-prefix', prefix];
    const args = ['--redis', redis, ...shared, ...place, '--drain', '5s'];
    started.push(running.keep(BackgroundCommand.start(log('worker'), 'worker', ...args)));
  }
  await ready(`${url}${SERVICE_PATHS.ready}`, started);
  return { url, overview: () => overviewOf(url) };
}

async function findQueue(running: EndInOrder): Promise<Queue> {
  const { REDIS_URL } = process.env;
  if (REDIS_URL) {
    const prefix = `{zkinfer-quickstart-${process.pid}}`;
    const said =
      'The queue is BullMQ on the Redis that REDIS_URL names, the worker another process.';
    return { redis: { url: REDIS_URL, prefix }, said };
  }
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    const said =
      'There is no Redis here (neither REDIS_URL nor a redis-server on the PATH): the queue is in the service,\n' +
      'which also does the work of a worker. Nothing else differs.';
    return { redis: undefined, said };
  }
  const redis = await RedisProcess.start();
  running.keep({ [Symbol.asyncDispose]: () => redis.stop() });
  const said = `The queue is BullMQ on a redis-server, started for this run at ${redis.url}.\nThe worker is another process.`;
  return { redis: { url: redis.url }, said };
}

/** For a chain that mines when something comes: one confirmation, short waits, no batches. */
function writeConfig(
  { chain }: LocalMarket,
  options: { readonly modelDigest: string; readonly port: number; readonly queue: Queue },
): void {
  const { modelDigest, port, queue } = options;
  const config = {
    dataDirectory: 'data',
    models: join(ROOT, 'artifacts'),
    allowModels: [modelDigest],
    ...(queue.redis === undefined ? {} : { redis: queue.redis }),
    http: { port, anonymous: true },
    workers: { embedded: queue.redis === undefined ? 1 : 0 },
    chains: [
      {
        rpc: [chain.url],
        deployments: '.',
        confirmations: 1,
        pollSeconds: 0.25,
        signer: { account: ACCOUNT.worker },
        batching: { windowSeconds: 0, most: 1 },
      },
    ],
  };
  writeFileSync(join(ROOT, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
}

/** @throws FailedStep when one of them has ended */
async function ready(url: string, commands: readonly BackgroundCommand[]): Promise<void> {
  for (;;) {
    for (const command of commands) command.requireRunning();
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(READY_POLL_MS);
  }
}

async function overviewOf(url: string): Promise<Overview> {
  const answer = await fetch(url + SERVICE_PATHS.overview);
  return readSchema(OverviewSchema, await answer.json(), 'the overview');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
