/** Run as a process: does what tests of supervised children ask for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@zkinfer/core';
import { parentLogger, serveCalls } from '../worker/serve-calls.ts';

serveCalls({
  echo: (value) => value,
  settings: () => JSON.parse(process.argv[2]!),
  processId: () => process.pid,
  refuse: () => {
    throw new InputError({
      code: 'TEST_REFUSED',
      what: 'no',
      got: 'this',
      cause: new Error('why'),
    });
  },
  defect: () => {
    throw new TypeError('undefined is not a function');
  },
  count: async (steps: number, { reportProgress }) => {
    for (let i = 1; i <= steps; i++) reportProgress({ step: 'counting', done: i / steps });
  },
  log: (text: string) => parentLogger.info({ count: 2n }, text),
  say: (line: string) => process.stderr.write(`${line}\n`),
  die: () => process.kill(process.pid, 'SIGKILL'),
  exit: () => process.exit(7),
  /** Ends soon after its signal. */
  wait: (_, { signal }) => sleep(60_000, undefined, { signal }),
  /** Blocks the event loop: hears of no signal, and needs no processor. */
  block: (ms: number) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    return ms;
  },
});
