/** The command as users run it: a process of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../run-command.ts';

/** What a run left behind. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SCRIPT = fileURLToPath(new URL('../../bin/zkinfer.js', import.meta.url));

/** Runs `zkinfer` with these arguments to its end. */
export function runZkinfer(...args: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (part: string) => {
      texts[stream] += part;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? -1, ...texts }));
  });
}

/** Runs `zkinfer` in this process, which is quicker: for help and usage, where nothing is loaded or computed. */
export async function runInProcess(...args: string[]): Promise<CommandResult> {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write: (part, _encoding, done) => {
        texts[name] += String(part);
        done();
      },
    }) as unknown as NodeJS.WriteStream;
  const exitCode = await runCommand(args, { stdout: stream('stdout'), stderr: stream('stderr') });
  return { exitCode, ...texts };
}

/** Starts `zkinfer` and hands over its process. */
export function startZkinfer(...args: string[]) {
  return spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The object that a successful run prints with `--json`. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into objects of many shapes
export async function zkinferJson(...args: string[]): Promise<any> {
  const { exitCode, stdout, stderr } = await runZkinfer(...args, '--json');
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

/** Runs a command that must fail with an exit code and an error code, in words and as JSON. */
export async function assertFails(
  exitCode: number,
  code: string,
  ...args: string[]
): Promise<CommandResult> {
  const result = await runZkinfer(...args, '--json');
  assert.equal(result.exitCode, exitCode, `${result.stdout}${result.stderr}`);
  assert.equal(JSON.parse(result.stdout).error.code, code);
  assert.match(result.stderr, /^(warning|calibration|.*\n)*error: /);
  return result;
}

/** A folder that is deleted when the tests of the file have ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zkinfer-cli-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The folder of an example model. */
export function exampleModel(name: string): string {
  return fileURLToPath(new URL(`../../../examples/models/${name}`, import.meta.url));
}
