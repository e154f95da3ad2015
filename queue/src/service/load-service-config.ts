/** The configuration of a service from its file and the command line. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseJson } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import { readServiceConfig, type ServiceConfig } from './service-config.ts';

/** Keys of a configuration to override, of any depth; lists are replaced, undefined removes. */
export type ConfigOverrides = { readonly [Key in keyof ServiceConfig]?: unknown };

/** Where a configuration comes from. */
export interface ConfigSource {
  /** A JSON file; none, and all is as it is by default. */
  readonly file?: string;
  /** What counts more than the file; its paths are relative to the working directory. */
  readonly overrides?: ConfigOverrides;
}

/**
 * Reads and checks a configuration.
 * @throws InputError CORE_FILE_MISSING, CORE_JSON_*, QUEUE_CONFIG; EnvironmentError
 *   CORE_READ_FAILED
 */
export async function loadServiceConfig({
  file,
  overrides = {},
}: ConfigSource): Promise<ServiceConfig> {
  if (file === undefined) return readServiceConfig(overrides, process.cwd(), 'the configuration');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw readError(cause, file);
  });
  const written = readServiceConfig(parseJson(text, file), dirname(resolve(file)), file);
  return readServiceConfig(overridden(written, overrides), process.cwd(), file);
}

function overridden(base: unknown, change: unknown): unknown {
  if (!isPlainObject(base) || !isPlainObject(change)) return change;
  const changed = Object.entries(change).map(([key, value]) => [key, overridden(base[key], value)]);
  const whole = Object.entries({ ...base, ...Object.fromEntries(changed) });
  return Object.fromEntries(whole.filter(([, value]) => value !== undefined));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
