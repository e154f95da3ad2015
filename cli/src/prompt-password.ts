import { stderr, stdin } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { InputError } from '@zkinfer/core';

/** Asks on the terminal; what is typed is not shown. @throws InputError CLI_PASSWORD without one */
export async function promptPassword(question: string): Promise<string> {
  if (!stdin.isTTY) {
    throw new InputError({
      code: 'CLI_PASSWORD',
      what: 'the key file needs a password, and there is no terminal to ask on',
      expected: '--password-file FILE, or the environment variable ZKINFER_PASSWORD',
    });
  }
  stderr.write(question);
  const silent = new Writable({ write: (_part, _encoding, done) => done() });
  const terminal = createInterface({ input: stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    stderr.write('\n');
  }
}
