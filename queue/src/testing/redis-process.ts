/** A real redis-server for tests, on a free port of the loopback, with a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '@zkinfer/core';
import { Redis } from 'ioredis';

const COMMAND = 'redis-server';

/** Kills the command when this process closes its input, or is killed itself. */
const UNTIL_END_OF_INPUT = '"$@" & cat >/dev/null; kill -9 $!';

/**
 * Whether tests can start a Redis. Where they cannot, this says on stderr what is left out, or
 * throws when the environment promises one (`CI`, or `ZKINFER_REQUIRE_REDIS`).
 * @throws EnvironmentError QUEUE_TEST_REDIS_MISSING
 */
export function redisIsAvailable(leftOut: string): boolean {
  if (spawnSync(COMMAND, ['--version']).status === 0) return true;
  if (process.env.CI || process.env.ZKINFER_REQUIRE_REDIS) {
    throw new EnvironmentError({
      code: 'QUEUE_TEST_REDIS_MISSING',
      what: `there is no ${COMMAND} on the PATH`,
      hint: 'Install it: apt-get install redis-server',
    });
  }
  process.stderr.write(`No ${COMMAND} on the PATH: left out ${leftOut}.\n`);
  return false;
}

/** A running redis-server; its data survive `restart`. */
export class RedisProcess {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, settings: readonly string[]) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#port = port;
    this.#folder = folder;
    this.#settings = settings;
  }

  /** @param settings more arguments, such as `--maxmemory-policy allkeys-lru` */
  static async start(settings: readonly string[] = []): Promise<RedisProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'zkinfer-redis-'));
    const redis = new RedisProcess(await freePort(), folder, settings);
    await redis.resume();
    return redis;
  }

  /** Starts it again after `kill`. */
  async resume(): Promise<void> {
    const base = ['--bind', '127.0.0.1', '--port', String(this.#port), '--dir', this.#folder];
    const safety = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--save', ''];
    const args = [...base, ...safety, ...this.#settings];
    this.#process = spawn('sh', ['-c', UNTIL_END_OF_INPUT, 'sh', COMMAND, ...args], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await answering(this.url);
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    if (this.#process === undefined) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await ended;
    this.#process = undefined;
  }

  /** Deletes everything it holds. */
  async wipe(): Promise<void> {
    const client = new Redis(this.url);
    await client.flushall();
    client.disconnect();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function answering(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
  client.on('error', () => {});
  client.connect().catch(() => {});
  while (client.status !== 'ready') await sleep(20);
  client.disconnect();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
