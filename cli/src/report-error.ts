import { type ErrorDetails, ZkinferError } from '@zkinfer/core';
import { CommanderError } from 'commander';
import { exitCodeOf, isSystemError } from './exit-codes.ts';
import type { Output } from './output.ts';

/** What people and scripts are told about an error. */
type Report = Omit<ErrorDetails, 'cause'>;

/**
 * Tells what ended a verb: to people on stderr, with `--json` also as {"error": …} on stdout. The
 * stack is shown only when ZKINFER_DEBUG is set.
 */
export function reportError(error: unknown, output: Output): void {
  const report = reportOf(error);
  output.note(textOf(report));
  if (process.env.ZKINFER_DEBUG && error instanceof Error) output.note(error.stack ?? '');
  output.json({ error: { ...report, exitCode: exitCodeOf(error) } });
}

function reportOf(error: unknown): Report {
  if (error instanceof ZkinferError) {
    const { code, what, got, expected, hint } = error;
    return {
      code,
      what,
      ...(got === undefined ? {} : { got }),
      ...(expected === undefined ? {} : { expected }),
      ...(hint === undefined ? {} : { hint }),
    };
  }
  const what = error instanceof Error ? error.message : String(error);
  if (error instanceof CommanderError) {
    return { code: 'CLI_USAGE', what: what.replace(/^error: /, ''), hint: 'See --help.' };
  }
  if (isSystemError(error)) return { code: `CLI_SYSTEM_${error.code}`, what };
  return {
    code: 'CLI_DEFECT',
    what,
    hint: 'This is a defect of zkinfer. ZKINFER_DEBUG=1 shows where it happened.',
  };
}

function textOf({ code, what, got, expected, hint }: Report): string {
  const lines = [`error: ${what}`];
  if (got !== undefined) lines.push(`  got:      ${got}`);
  if (expected !== undefined) lines.push(`  expected: ${expected}`);
  if (hint !== undefined) lines.push(`  hint:     ${hint}`);
  lines.push(`  code:     ${code}`);
  return lines.join('\n');
}
