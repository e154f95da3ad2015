/** A chain, a Redis, a service, workers and requesters, and everything that goes wrong with them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SeededRandom, seededRandom } from '@zkinfer/core/testing';
import { RedisProcess, RpcProxy } from '@zkinfer/queue/testing';
import { exampleModel, zkinferJson } from '../testing/run-zkinfer.ts';
import { ChaosMarket, SERVICE_ACCOUNT } from './chaos-market.ts';
import { CommandProcess } from './command-process.ts';
import { HostileHost } from './hostile-host.ts';
import {
  HOPELESS_SECONDS,
  isHopeful,
  type PlannedRequest,
  planOf,
  type RequestGround,
  requestKinds,
} from './planned-request.ts';
import { type EndedRequests, endedRequests } from './request-ledger.ts';
import { ServiceMonitor } from './service-monitor.ts';
import { planTroubles, type Trouble, type TroubleMaker } from './trouble.ts';

/** What a run is. */
export interface ChaosOptions {
  readonly requests: number;
  readonly random: SeededRandom;
  /** For everything that is written; removed by the caller. */
  readonly folder: string;
}

/** The parts that are started first. */
interface ChaosPlaces {
  readonly market: ChaosMarket;
  readonly redis: RedisProcess;
  readonly proxy: RpcProxy;
  readonly host: HostileHost;
}

const WORKERS = 2;
const LOCK_SECONDS = 2;
const CONFIRMATIONS = 5;
const REORGANISED_BLOCKS = 3;
const BAD_ENDPOINT = { refused: 0.05, cut: 0.05, stale: 0.2, lag: 2, doubled: 0.3 };
const DEAR_GAS = 20n * 10n ** 9n;

/** Requests under way, at most, that can be fulfilled. */
const UNDER_WAY = 200;
const WAVE = 50;

const LOOK_MS = 500;
const REFUND_AGAIN_MS = 10_000;

/** A run in which nothing ended for so long is stuck; the longest wait for a try is a minute. */
const STUCK_MS = 5 * 60_000;

/** Owns all processes. */
export class ChaosRun implements TroubleMaker {
  readonly workers = WORKERS;
  readonly market: ChaosMarket;
  readonly monitor = new ServiceMonitor();
  readonly requests: PlannedRequest[] = [];
  readonly #options: ChaosOptions;
  readonly #redis: RedisProcess;
  readonly #proxy: RpcProxy;
  readonly #host: HostileHost;
  readonly #service: CommandProcess;
  readonly #workers: readonly CommandProcess[];
  readonly #troubles: Trouble[];
  readonly #ground: RequestGround;
  readonly #kinds: ReturnType<typeof requestKinds>;
  /** When a refund was last asked for, by request. */
  readonly #refundAsked = new Map<string, number>();
  readonly #begun = Date.now();

  private constructor(options: ChaosOptions, places: ChaosPlaces) {
    const { market, redis, proxy, host } = places;
    const { requests, random } = options;
    this.#options = options;
    this.market = market;
    this.#redis = redis;
    this.#proxy = proxy;
    this.#host = host;
    this.#service = new CommandProcess('serve', '--config', writeConfig(options, places));
    const names = Array.from({ length: WORKERS }, (_, i) => `worker-${i}`);
    this.#workers = names.map((name) => workerCommand(name, options, redis));
    this.#kinds = requestKinds(requests, random);
    this.#troubles = [...planTroubles(requests, this, random)];
    // A stream of its own: requests are the same, whenever troubles draw.
    const badUris = host.uris;
    this.#ground = { ...market.ground, badUris, random: seededRandom(random.uint32()) };
  }

  /** Compiles the model, deploys, and starts everything; nothing is wrong yet. */
  static async open(options: ChaosOptions): Promise<ChaosRun> {
    const { folder, random } = options;
    const compiled = join(folder, 'models', 'iris');
    await zkinferJson('compile', exampleModel('iris-mlp'), '--out', compiled);
    await zkinferJson('setup', compiled, '--development');
    const market = await ChaosMarket.open(compiled, join(folder, 'deployments'));
    const proxy = await RpcProxy.start(market.chain.url, seededRandom(random.uint32()));
    const redis = await RedisProcess.start();
    const host = await HostileHost.start();
    const run = new ChaosRun(options, { market, redis, proxy, host });
    await Promise.all([run.#serve(), ...run.#workers.map((worker) => worker.start())]);
    return run;
  }

  /** Until every request has ended, and the service knows of each. */
  async run(): Promise<void> {
    this.#proxy.faults = BAD_ENDPOINT;
    await this.#until(async (ended) => {
      await this.#strike(ended.fulfilled.size + ended.refunded.size);
      const open = this.requests.filter((request) => isHopeful(request) && !isIn(ended, request));
      if (this.requests.length === this.#options.requests) return open.length === 0;
      if (open.length <= UNDER_WAY - WAVE) await this.#sendWave();
      return false;
    });
    this.say('all that can be fulfilled has ended');
    await this.market.chain.increaseTime(HOPELESS_SECONDS);
    await this.#until(async (ended) => this.requests.every((request) => isIn(ended, request)));
    this.say('every request has ended');
    await Promise.all(this.#workers.map((worker) => worker.ready));
    while (!(await this.monitor.isAtRest())) await sleep(LOOK_MS);
    this.say(`the service is at rest; ${this.monitor.retried} parked jobs were retried`);
  }

  /** Tells the service to end; its exit code. */
  stopService(): Promise<number | null> {
    return this.#service.stop();
  }

  async close(): Promise<void> {
    await Promise.all([this.#service, ...this.#workers].map((command) => command.kill()));
    await this.#redis.stop();
    await this.#proxy.stop();
    await this.#host.stop();
    await this.market.chain.stop();
  }

  /** What the service has logged last. */
  get log(): string {
    return this.#service.log;
  }

  say(what: string): void {
    const seconds = Math.round((Date.now() - this.#begun) / 1_000);
    process.stdout.write(`${seconds} s: ${what}\n`);
  }

  /** The worker is back when it is back: the run goes on meanwhile. */
  async killWorker(index: number): Promise<void> {
    const worker = this.#workers[index]!;
    await worker.ready;
    await sleep(this.#options.random.int(0, 500));
    await worker.kill();
    void worker.start().catch(() => {});
  }

  async killRedis(): Promise<void> {
    await this.#redis.kill();
    await sleep(this.#options.random.int(0, 2_000));
    await this.#redis.resume();
  }

  async killService(): Promise<void> {
    await this.#service.kill();
    await this.#serve();
  }

  reorganise(): Promise<void> {
    return this.market.reorganise(REORGANISED_BLOCKS);
  }

  async raiseGas(): Promise<void> {
    await this.market.rpc('anvil_setNextBlockBaseFeePerGas', `0x${DEAR_GAS.toString(16)}`);
  }

  mendCallbacks(): Promise<void> {
    return this.market.unlock();
  }

  async #serve(): Promise<void> {
    this.monitor.url = (await this.#service.start()).url;
  }

  /** Looks again and again, while requesters and operator do what they do. */
  async #until(isOver: (ended: EndedRequests) => Promise<boolean>): Promise<void> {
    let [latest, count] = [Date.now(), 0];
    for (;;) {
      const ended = await endedRequests(this.market.coprocessor);
      const now = ended.fulfilled.size + ended.refunded.size;
      if (now !== count) [latest, count] = [Date.now(), now];
      if (Date.now() - latest > STUCK_MS) throw await this.#stuck(ended);
      if (await isOver(ended)) return;
      await this.#askForRefunds(ended);
      await this.monitor.retryParked();
      await sleep(LOOK_MS);
    }
  }

  async #strike(ended: number): Promise<void> {
    while (this.#troubles.length > 0 && this.#troubles[0]!.after <= ended) {
      const [{ what, strike }] = this.#troubles.splice(0, 1) as [Trouble];
      this.say(`${ended} of ${this.#options.requests} have ended: ${what}`);
      await strike();
    }
  }

  async #sendWave(): Promise<void> {
    const { market, requests } = this;
    const now = await market.chain.now();
    const from = requests.length;
    const wave = this.#kinds.slice(from, from + WAVE).map((kind, i) => {
      return planOf(kind, market.requesterOf(from + i), now, this.#ground);
    });
    requests.push(...wave);
    await Promise.all(wave.map((request, i) => market.request(from + i, request)));
  }

  /** As requesters do whose deadline is over. */
  async #askForRefunds(ended: EndedRequests): Promise<void> {
    const now = BigInt(await this.market.chain.now());
    for (const request of this.requests) {
      const { requestId, terms } = request.plan;
      if (terms.deadline >= now || isIn(ended, request)) continue;
      if (Date.now() - (this.#refundAsked.get(requestId) ?? 0) < REFUND_AGAIN_MS) continue;
      this.#refundAsked.set(requestId, Date.now());
      await this.market.refund(requestId);
    }
  }

  async #stuck(ended: EndedRequests): Promise<Error> {
    const open = this.requests.filter((request) => isHopeful(request) && !isIn(ended, request));
    const shown = open.slice(0, 3).map(({ plan }) => this.monitor.jobOf(plan.requestId));
    const jobs = (await Promise.all(shown)).join('\n');
    return new Error(`${open.length} requests do not end, such as\n${jobs}\n${this.log}`);
  }
}

function isIn({ fulfilled, refunded }: EndedRequests, { plan }: PlannedRequest): boolean {
  return fulfilled.has(plan.requestId) || refunded.has(plan.requestId);
}

function workerCommand(name: string, { folder }: ChaosOptions, redis: RedisProcess) {
  const places = ['--data', join(folder, 'data'), '--models', join(folder, 'models')];
  const queue = ['--redis', redis.url, '--lock', `${LOCK_SECONDS}s`];
  return new CommandProcess('worker', '--name', name, ...places, ...queue);
}

function writeConfig({ folder }: ChaosOptions, { redis, proxy, host }: ChaosPlaces): string {
  const path = join(folder, 'serve.json');
  mkdirSync(join(folder, 'data'));
  const chain = {
    rpc: [proxy.url],
    deployments: 'deployments',
    confirmations: CONFIRMATIONS,
    pollSeconds: 0.25,
    signer: { account: SERVICE_ACCOUNT },
    fees: { maxGwei: 200, stuckAfterSeconds: 5, giveUpAfterSeconds: 120 },
    batching: { windowSeconds: 1 },
  };
  const config = {
    dataDirectory: 'data',
    models: 'models',
    redis: { url: redis.url, lockSeconds: LOCK_SECONDS },
    http: { port: 0, anonymous: true },
    workers: { embedded: 0 },
    fetch: { allow: [host.origin] },
    chains: [chain],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
