/**
 * What a worker and its child processes say to each other over IPC with structured clones, which
 * keep bigints and byte arrays, but not the classes of errors.
 */
import {
  EnvironmentError,
  type ErrorDetails,
  InputError,
  IntegrityError,
  InternalError,
  type Logger,
  ZkinferError,
} from '@zkinfer/core';
import type { StageProgress } from '@zkinfer/core/service';

/** To a child. */
export type ToChild =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly kind: 'abort'; readonly id: number };

/** From a child. */
export type FromChild =
  | {
      readonly kind: 'log';
      readonly level: keyof Logger;
      readonly fields: object;
      readonly message: string;
    }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: StageProgress }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: SentError };

const ERROR_CLASSES = { InputError, IntegrityError, EnvironmentError, InternalError } as const;

type ErrorClassName = keyof typeof ERROR_CLASSES;

/** An error on its way: without its cause, which may hold anything. */
export type SentError =
  | { readonly class: ErrorClassName; readonly details: ErrorDetails }
  | { readonly class: null; readonly message: string; readonly stack: string | undefined };

/** An error as a child sends it. */
export function encodeError(error: unknown): SentError {
  if (!(error instanceof ZkinferError)) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { class: null, message, stack };
  }
  const { code, what, got, expected, hint } = error;
  const details = {
    code,
    what,
    ...(got === undefined ? {} : { got }),
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  };
  return { class: classOf(error), details };
}

/** The error that a child sent, of its class and with its code. */
export function decodeError(sent: SentError): Error {
  if (sent.class !== null) return new ERROR_CLASSES[sent.class](sent.details);
  const error = new Error(sent.message);
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
}

function classOf(error: ZkinferError): ErrorClassName {
  const names = Object.keys(ERROR_CLASSES) as ErrorClassName[];
  return names.find((name) => error instanceof ERROR_CLASSES[name]) ?? 'InternalError';
}
