/** Structured logs of services and workers: JSON, a line an event. */
import { type Logger, ZkinferError } from '@zkinfer/core';
import { type DestinationStream, destination, pino } from 'pino';

/** From which level on is written. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

const STDERR = 2;

/** Fields that are not written, should someone pass them by mistake. */
const SECRETS: readonly string[] = [
  ...['inputSalt', 'outputSalt', 'salt', 'witness', 'privateKey', 'mnemonic', 'password'],
  ...['apiKey', 'secret', 'authorization', 'cookie'],
];

/**
 * A logger.
 * @param stream standard error unless told
 */
export function openServiceLogger(
  level: LogLevel,
  stream: DestinationStream = destination(STDERR),
): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '***' },
  };
  return pino(options, stream);
}

/** Without causes: what ethers throws quotes the endpoint's URL, which may hold a key. */
function describeError(error: unknown): object {
  if (error instanceof ZkinferError) return { code: error.code, message: error.message };
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type: name, ...code, message, stack };
}
