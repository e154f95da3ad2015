/** What a verb prints. The result goes to stdout, everything else to stderr, so that results can be piped. */
import type { CanonicalValue } from '@zkinfer/core';

/** What `--json` prints: an object whose field elements become decimal strings, and whose undefined members are left out. */
export interface JsonResult {
  readonly [key: string]: CanonicalValue | undefined;
}

export interface Output {
  /** The verb's result: as text, or with `--json` as one object. Called once. */
  result(text: string, value: JsonResult): void;
  /** The object alone, and only with `--json`. */
  json(value: JsonResult): void;
  /** A remark for people: what is going on, warnings, errors. */
  note(text: string): void;
}

/** Where text goes: process.stdout and process.stderr, or a test's buffers. */
export interface TextSink {
  write(text: string): unknown;
}

/** Prints to these streams, as JSON if asked. */
export function createOutput(stdout: TextSink, stderr: TextSink, asJson: boolean): Output {
  const json: Output['json'] = (value) => {
    if (asJson) stdout.write(`${JSON.stringify(value, decimalBigints, 2)}\n`);
  };
  return {
    json,
    result: (text, value) => {
      if (asJson) json(value);
      else stdout.write(`${text}\n`);
    },
    note: (text) => {
      stderr.write(`${text}\n`);
    },
  };
}

function decimalBigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
