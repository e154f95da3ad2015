/**
 * Where services write what they do. Fields first, then the message, as pino has it: a pino logger
 * is one. Never given secrets: no keys, salts or witness values.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Writes nowhere: the default, so that calls need no guard. */
export const SILENT_LOGGER: Logger = { debug() {}, info() {}, warn() {}, error() {} };
