/** Commands that run beside the quickstart until it ends them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { FailedStep, print, ROOT, ZKINFER } from '../zkinfer-step.ts';

/** What they have to end after they are asked. */
const STOP_MS = 15_000;

/** Lines of the log that say why something failed. */
const LAST_LINES = 8;

/** A verb of zkinfer that goes on; shown as a reader would type it. */
export class BackgroundCommand implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  /** @param log path of a file for what it logs; its result goes to the terminal */
  static start(log: string, ...args: readonly string[]): BackgroundCommand {
    print(`\n$ npx zkinfer ${args.join(' ')} &\n`);
    const stdio = ['ignore', 'inherit', openSync(log, 'w')] as const;
    const child = spawn(process.execPath, [ZKINFER, ...args], { cwd: ROOT, stdio: [...stdio] });
    return new BackgroundCommand(child, log);
  }

  /** @throws FailedStep when it has ended by itself, its last words shown */
  requireRunning(): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) return;
    print(readFileSync(this.#log, 'utf8').split('\n').slice(-LAST_LINES).join('\n'));
    throw new FailedStep(exitCode ?? 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
}
