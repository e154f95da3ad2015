/** The child's side of `SupervisedChild`: methods that its parent calls. */
import type { Logger } from '@zkinfer/core';
import type { StageProgress } from '@zkinfer/core/service';
import { encodeError, type FromChild, type ToChild } from './child-messages.ts';

/** What a method has besides its input. */
export interface CallContext {
  /** Aborted when the parent no longer wants the result; a child that does not end then is killed. */
  readonly signal: AbortSignal;
  reportProgress(progress: StageProgress): void;
}

/** A method by name; inputs and results are structured clones. */
// biome-ignore lint/suspicious/noExplicitAny: which input a method has, its parent knows
export type CallMethods = Readonly<Record<string, (input: any, context: CallContext) => unknown>>;

/**
 * Answers the parent's calls until the parent is gone, and then ends the process: no computation
 * outlives who asked for it. Signals of the terminal or the service manager go to all processes of
 * a group; the parent alone decides what they mean.
 */
export function serveCalls(methods: CallMethods): void {
  const running = new Map<number, AbortController>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', (message: ToChild) => {
    if (message.kind === 'abort') running.get(message.id)?.abort();
    else void answer(message, methods, running);
  });
}

/** What a child logs, its parent does. */
export const parentLogger: Logger = {
  debug: (fields, message) => log('debug', fields, message),
  info: (fields, message) => log('info', fields, message),
  warn: (fields, message) => log('warn', fields, message),
  error: (fields, message) => log('error', fields, message),
};

function log(level: keyof Logger, fields: object, message: string): void {
  send({ kind: 'log', level, fields, message });
}

async function answer(
  { id, method, input }: Extract<ToChild, { kind: 'call' }>,
  methods: CallMethods,
  running: Map<number, AbortController>,
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const reportProgress = (progress: StageProgress) => send({ kind: 'progress', id, progress });
  try {
    const value = await methods[method]!(input, { signal: controller.signal, reportProgress });
    send({ kind: 'result', id, value });
  } catch (error) {
    send({ kind: 'error', id, error: encodeError(error) });
  } finally {
    running.delete(id);
  }
}

/** To a parent that may just have died, which `disconnect` tells soon. */
function send(message: FromChild): void {
  process.send!(message, undefined, undefined, () => {});
}
