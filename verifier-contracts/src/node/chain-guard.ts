/**
 * A process between us and anvil: when our end of its standard input closes, by `stop` or because
 * this process is gone however it ended, it ends anvil and deletes its folder.
 *
 *   node chain-guard.js FOLDER COMMAND [ARGUMENT …]
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const STOP_TIMEOUT_MS = 3_000;

const [folder, command, ...args] = process.argv.slice(2) as [string, string, ...string[]];
const child = spawn(command, args, {
  cwd: folder,
  // anvil keeps signatures and states of long runs below the home folder.
  env: { ...process.env, HOME: folder },
  stdio: ['ignore', 'inherit', 'inherit'],
});

// Ctrl-C reaches the whole group; what comes next is the parent's decision.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
process.stdin.resume().on('end', stop);
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  end(1);
});
child.on('close', (code) => end(code ?? 0));

function stop(): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS).unref();
}

function end(exitCode: number): void {
  rmSync(folder, { recursive: true, force: true });
  process.exit(exitCode);
}
