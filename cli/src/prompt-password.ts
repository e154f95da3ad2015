import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { InputError } from '@zkinfer/core';

/** Where people type and read: process.stdin and process.stderr, or a test's streams. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: { write(text: string): unknown };
}

/** Asks on the terminal; what is typed is not shown. @throws InputError CLI_PASSWORD without one */
export async function promptPassword(
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string> {
  if (!input.isTTY) {
    throw new InputError({
      code: 'CLI_PASSWORD',
      what: 'the key file needs a password, and there is no terminal to ask on',
      expected: '--password-file FILE, or the environment variable ZKINFER_PASSWORD',
    });
  }
  const silent = new Writable({ write: (_part, _encoding, done) => done() });
  // Before the question: from here on the terminal does not show what is typed.
  const terminal = createInterface({ input, output: silent, terminal: true });
  output.write(question);
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    output.write('\n');
  }
}
