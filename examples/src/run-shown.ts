/** Commands that are shown before they run, as a reader would type them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What is known about a command that has ended. */
export interface FinishedCommand {
  readonly exitCode: number;
  readonly durationMs: number;
  /** The most memory that it held at once; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
}

/** A script of a package, run by this Node. */
export interface ShownCommand {
  /** As it is typed: `npx zkinfer`. */
  readonly typed: string;
  /** Path of the script. */
  readonly script: string;
  readonly args: readonly string[];
  /** Runs without being shown, its output thrown away. */
  readonly silent?: boolean;
}

const POLL_MS = 100;

/** Prints a command, runs it in `folder` with this terminal, and waits for its end. */
export async function runShown(command: ShownCommand, folder: string): Promise<FinishedCommand> {
  const { typed, script, args, silent = false } = command;
  if (!silent) process.stdout.write(`\n$ ${typed} ${args.map(quoted).join(' ')}\n\n`);
  const started = Date.now();
  const stdio = silent ? 'ignore' : 'inherit';
  const child = spawn(process.execPath, [script, ...args], { cwd: folder, stdio });
  const memory = watchMemory(child);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
  return { exitCode, durationMs: Date.now() - started, peakBytes: memory.stop() };
}

/** Follows the high-water mark that Linux keeps for each process. */
function watchMemory({ pid }: ChildProcess): { stop(): number | undefined } {
  let peakBytes: number | undefined;
  const look = () => {
    peakBytes = peakOf(pid) ?? peakBytes;
  };
  const timer = setInterval(look, POLL_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return peakBytes;
    },
  };
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
