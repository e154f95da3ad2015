/** `zkinfer serve` as a process that tests ask, stop and kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { SCRIPT } from './run-zkinfer.ts';

/** A service that answers. */
export class ServeProcess {
  /** http://127.0.0.1:… */
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
  }

  /** Resolves when it answers. @throws what it wrote when it ends before */
  static async start(...args: readonly string[]): Promise<ServeProcess> {
    const command = [SCRIPT, 'serve', ...args, '--log-level', 'warn', '--json'];
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (part: string) => {
        texts[stream] += part;
      });
    }
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the service ended: ${texts.stdout}${texts.stderr}`);
    });
    // The whole object may come in parts.
    while (!texts.stdout.endsWith('}\n')) await Promise.race([once(child.stdout, 'data'), ended]);
    ended.catch(() => {});
    return new ServeProcess(child, JSON.parse(texts.stdout).url);
  }

  /** The JSON that it answers. @param key API key */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  async ask(path: string, { body, key }: { body?: object; key?: string } = {}): Promise<any> {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    };
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await fetch(this.url + path, { ...init, headers })).json();
  }

  /** As a crash does. */
  kill(): Promise<number | null> {
    return this.#end('SIGKILL');
  }

  /** As systemd does; the exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    return (await ended)[0];
  }
}
