/** Figures for Prometheus: what the overview tells when it is asked, and what happens meanwhile. */
import type { Overview } from '@zkinfer/core/service';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { statusOf } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import { completedStages } from '../service/completed-stages.ts';
import type { WebhookOutbox } from '../webhooks/webhook-outbox.ts';
import type { UpdateStreams } from './update-streams.ts';

/** What figures are taken from. */
export interface ServiceMetricsOptions {
  readonly pipeline: Pipeline;
  readonly overview: () => Promise<Overview>;
  readonly streams: Pick<UpdateStreams, 'open'>;
  readonly webhooks: Pick<WebhookOutbox, 'waiting'>;
}

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern, not the path: labels are few. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

const STAGE_SECONDS = [0.05, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600];
const REQUEST_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** The figures of one service. */
export class ServiceMetrics {
  readonly #registry = new Registry();
  readonly #overview: () => Promise<Overview>;
  readonly #gauges = new Map<string, Gauge>();
  readonly #requests: Histogram;
  readonly #stages: Histogram;
  readonly #ended: Counter;
  readonly #stop: () => void;

  constructor({ pipeline, overview, streams, webhooks }: ServiceMetricsOptions) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#overview = overview;
    this.#requests = new Histogram({
      name: 'zkinfer_http_request_duration_seconds',
      help: 'From the headers of a request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.#stages = new Histogram({
      name: 'zkinfer_stage_duration_seconds',
      help: 'Of the last try of a stage, waiting for a worker included',
      labelNames: ['stage'],
      buckets: STAGE_SECONDS,
      registers,
    });
    this.#ended = new Counter({
      name: 'zkinfer_jobs_ended_total',
      help: 'Jobs that ended since the start',
      labelNames: ['status'],
      registers,
    });
    const ask = (name: string, help: string, count: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(count());
        },
      });
    ask('zkinfer_update_streams', 'Streams of updates that are open', () => streams.open);
    ask('zkinfer_webhooks_waiting', 'Webhooks that are due', () => webhooks.waiting);
    this.#stop = pipeline.onTransition((job, before) => {
      for (const { stage, durationMs } of completedStages(job, before)) {
        this.#stages.observe({ stage }, durationMs / 1_000);
      }
      if (job.outcome !== null) this.#ended.inc({ status: statusOf(job) });
    });
  }

  /** Of the text. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All figures as they are now. @throws what the overview throws */
  async text(): Promise<string> {
    this.#take(await this.#overview());
    return this.#registry.metrics();
  }

  /** Counts a request. */
  answered({ method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.observe({ method, route, status }, seconds);
  }

  close(): void {
    this.#stop();
    this.#registry.clear();
  }

  #take({ jobs, queues, workers, chains, backend }: Overview): void {
    for (const gauge of this.#gauges.values()) gauge.reset();
    this.#set('zkinfer_backend_up', 'Whether the job backend works', {}, backend.ok ? 1 : 0);
    for (const { status, count } of jobs) {
      this.#set('zkinfer_jobs', 'Jobs that are stored', { status }, count);
    }
    for (const { stage, ...depths } of queues) {
      for (const [state, count] of Object.entries(depths)) {
        this.#set('zkinfer_queue_tasks', 'Tasks of a stage', { stage, state }, count);
      }
    }
    for (const { draining, running } of workers) {
      const state = draining ? 'draining' : running.length > 0 ? 'busy' : 'idle';
      this.#set('zkinfer_workers', 'Workers seen lately', { state }, 1);
    }
    for (const chain of chains) this.#takeChain(chain);
  }

  #takeChain(chain: Overview['chains'][number]): void {
    const labels = { chain: chain.chainId };
    const behind = Math.max(0, chain.head - chain.confirmedTo);
    this.#set('zkinfer_chain_head_block', 'The latest block seen', labels, chain.head);
    this.#set('zkinfer_chain_behind_blocks', 'Blocks not confirmed yet', labels, behind);
    this.#set('zkinfer_chain_open_requests', 'Requests that wait', labels, chain.openRequests);
    const pending = chain.pendingTransactions;
    this.#set('zkinfer_chain_pending_transactions', 'Transactions not final', labels, pending);
    this.#set('zkinfer_chain_balance_wei', 'Of the signer', labels, Number(chain.balance));
    this.#set(
      'zkinfer_chain_up',
      'Whether there is no problem',
      labels,
      chain.problem === null ? 1 : 0,
    );
  }

  /** Adds to the figure of these labels, which was reset. */
  #set(name: string, help: string, labels: Record<string, string>, value: number): void {
    const labelNames = Object.keys(labels);
    const registers = [this.#registry];
    const gauge = this.#gauges.get(name) ?? new Gauge({ name, help, labelNames, registers });
    this.#gauges.set(name, gauge);
    gauge.inc(labels, value);
  }
}
