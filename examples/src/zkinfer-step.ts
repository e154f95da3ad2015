/** Steps of the quickstart: commands that are shown, then run from the repository's root. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FinishedCommand, runShown, type ShownCommand } from './run-shown.ts';

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The script behind `npx zkinfer`. */
export const ZKINFER = join(ROOT, 'cli', 'bin', 'zkinfer.js');

/** A step ended with an exit code other than 0; it has said why. */
export class FailedStep extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`a step ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Runs a verb of zkinfer. @throws FailedStep */
export function zkinfer(...args: string[]): Promise<FinishedCommand> {
  return step({ typed: 'npx zkinfer', script: ZKINFER, args });
}

/** Runs a command. @throws FailedStep */
export async function step(command: ShownCommand): Promise<FinishedCommand> {
  const finished = await runShown(command, ROOT);
  if (finished.exitCode !== 0) throw new FailedStep(finished.exitCode);
  return finished;
}

/** Prints a line, or several. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints names and values in two columns, indented. */
export function printFacts(facts: readonly (readonly [string, string])[]): void {
  const width = Math.max(16, ...facts.map(([name]) => name.length)) + 2;
  for (const [name, value] of facts) print(`  ${name.padEnd(width)}${value}`);
}
