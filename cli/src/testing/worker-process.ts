/** `zkinfer worker` as a process that tests stop, kill and cut off. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { waitUntil } from '@zkinfer/core/testing';
import { SCRIPT } from './run-zkinfer.ts';

/** How the process is begun. */
export interface WorkerProcessOptions {
  readonly args: readonly string[];
  /** Put before the command, such as `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
}

/** A worker; its log is read for what it says of its children. */
export class WorkerProcess {
  readonly #process: ChildProcess;
  /** Of the proving process that was begun last. */
  #provingId: number | undefined;
  #log = '';

  private constructor(child: ChildProcess) {
    this.#process = child;
    createInterface({ input: child.stderr! }).on('line', (line) => this.#read(line));
  }

  /** Resolves when the worker takes tasks. */
  static async start({ args, prefix = [] }: WorkerProcessOptions): Promise<WorkerProcess> {
    const command = [process.execPath, SCRIPT, 'worker', ...args, '--log-level', 'debug', '--json'];
    const [first, ...rest] = [...prefix, ...command];
    const child = spawn(first!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    const worker = new WorkerProcess(child);
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the worker ended: ${worker.#log}`);
    });
    await Promise.race([once(child.stdout!, 'data'), ended]);
    ended.catch(() => {});
    return worker;
  }

  /** Stops its proving process: what it works on stays undone until `thawProving`. */
  freezeProving(): void {
    process.kill(this.#provingId!, 'SIGSTOP');
  }

  /** Lets the proving process go on. */
  thawProving(): void {
    process.kill(this.#provingId!, 'SIGCONT');
  }

  /** Whether the proving process is there. */
  isProvingAlive(): boolean {
    try {
      return process.kill(this.#provingId!, 0);
    } catch {
      return false;
    }
  }

  /** Resolves when the worker has written this. */
  async says(text: string): Promise<void> {
    await waitUntil(() => this.#log.includes(text));
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit');
    if (!this.#process.kill('SIGKILL')) return;
    await ended;
  }

  /** Asks it to end, and tells its exit code. */
  async stop(): Promise<number | null> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    return code;
  }

  #read(line: string): void {
    this.#log += `${line}\n`;
    if (!line.includes('a child process begins')) return;
    const { child, pid } = JSON.parse(line) as { child: string; pid: number };
    if (child === 'proving') this.#provingId = pid;
  }
}
