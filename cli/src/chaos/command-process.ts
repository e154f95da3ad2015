/** A long-running command, `zkinfer serve` or `zkinfer worker`, that is killed and started again. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startZkinfer } from '../testing/run-zkinfer.ts';

/** What is kept of its log, for the report of a failure. */
const LONGEST_LOG = 20_000;

/** As the units in deploy/systemd do with one that ends by itself. */
const RESTARTS = 5;
const RESTART_MS = 1_000;

/** One command, in one process at a time. */
export class CommandProcess {
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #log = '';
  #ready: Promise<unknown> = Promise.resolve();

  /** @param args of the command; it must print JSON when it is ready */
  constructor(...args: readonly string[]) {
    this.#args = args;
  }

  /** The end of what it has logged, in all its processes. */
  get log(): string {
    return this.#log;
  }

  /** Resolves when the process that was started last is ready; rejects when it could not be. */
  get ready(): Promise<unknown> {
    return this.#ready;
  }

  /** Resolves when it is ready, with what it prints then; one that ends before is started again. */
  // biome-ignore lint/suspicious/noExplicitAny: as `zkinferJson`
  start(): Promise<any> {
    const ready = this.#keepStarting();
    this.#ready = ready;
    return ready;
  }

  async #keepStarting() {
    for (let restarts = 0; ; restarts++) {
      const said = await this.#start();
      if (said.error === undefined) return said;
      await sleep(RESTART_MS);
      const isWanted = this.#child !== undefined && restarts < RESTARTS;
      if (!isWanted) throw new Error(`zkinfer ${this.#args[0]} ended: ${said.error.what}`);
    }
  }

  async #start() {
    const child = startZkinfer(...this.#args, '--json');
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      this.#log = (this.#log + part).slice(-LONGEST_LOG);
    });
    let said = '';
    for await (const part of child.stdout
      .setEncoding('utf8')
      .iterator({ destroyOnReturn: false })) {
      said += part;
      if (said.endsWith('}\n')) {
        child.stdout.resume();
        return JSON.parse(said);
      }
    }
    throw new Error(`zkinfer ${this.#args[0]} ended: ${said}${this.#log}`);
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end; its exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }
}
