import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EnvironmentError } from '@zkinfer/core';
import type { CaseInputs } from '../case.ts';
import type {
  ContestRequest,
  ContestResponse,
  Measurement,
  OpenRequest,
  PrepareRequest,
} from './contest-message.ts';
import type { ContestWatch } from './contest-watch.ts';

/** With a group of their own, processes end together with the programs that they run. */
const HAS_GROUPS = process.platform !== 'win32';

const WORKER = fileURLToPath(new URL('./contest-worker.js', import.meta.url));

/**
 * A process for one contestant, or for a preparation: nobody's threads, caches or garbage are
 * another's. All calls throw EnvironmentError BENCH_CONTESTANT_FAILED.
 */
export class ContestProcess {
  readonly #name: string;
  readonly #watch: ContestWatch;
  readonly #child: ChildProcess;
  #waiting: { resolve(response: ContestResponse): void; reject(error: Error): void } | undefined;
  #failure: EnvironmentError | undefined;

  constructor(name: string, watch: ContestWatch) {
    watch.signal.throwIfAborted();
    this.#name = name;
    this.#watch = watch;
    this.#child = fork(WORKER, {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 2, 2, 'ipc'],
      detached: HAS_GROUPS,
    });
    watch.signal.addEventListener('abort', this.#onAbort);
    this.#child.on('message', (response: ContestResponse) => this.#receive(response));
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.on('exit', (code, signal) => this.#fail(`it ended (${signal ?? code})`));
  }

  async prepare(request: Omit<PrepareRequest, 'kind'>): Promise<CaseInputs> {
    const response = await this.#ask({ kind: 'prepare', ...request });
    return response.kind === 'prepared' ? response.inputs : {};
  }

  async open(request: Omit<OpenRequest, 'kind'>): Promise<void> {
    await this.#ask({ kind: 'open', ...request });
  }

  async run(): Promise<Measurement> {
    const response = await this.#ask({ kind: 'run' });
    if (response.kind !== 'ran') throw failure(this.#name, `it answered ${response.kind}`);
    return response.measurement;
  }

  /** Ends the process; it has no say after that. */
  async close(): Promise<void> {
    if (this.#failure === undefined) await this.#ask({ kind: 'close' });
    this.kill();
  }

  /** Ends the process at once, and the programs that it runs. */
  kill(): void {
    this.#watch.signal.removeEventListener('abort', this.#onAbort);
    this.#fail('it has been closed');
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    if (HAS_GROUPS) process.kill(-pid, 'SIGKILL');
    else this.#child.kill('SIGKILL');
  }

  readonly #onAbort = () => this.kill();

  #ask(request: ContestRequest): Promise<ContestResponse> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.send(request);
    });
  }

  #receive(response: ContestResponse): void {
    if (response.kind === 'progress') this.#watch.progress.stage(response.stage);
    else if (response.kind === 'failed') this.#fail(response.reason);
    else this.#waiting?.resolve(response);
  }

  #fail(reason: string): void {
    this.#failure ??= failure(this.#name, reason);
    this.#waiting?.reject(this.#failure);
  }
}

function failure(name: string, reason: string): EnvironmentError {
  return new EnvironmentError({
    code: 'BENCH_CONTESTANT_FAILED',
    what: `${name} failed`,
    got: reason,
  });
}
