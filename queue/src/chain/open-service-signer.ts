/**
 * Who signs for a service: a key that comes from an encrypted file or the environment, and goes
 * nowhere from here.
 */
import { readFile } from 'node:fs/promises';
import { InputError } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import type { Provider, Signer } from '@zkinfer/verifier-contracts';
import { openSigner } from '@zkinfer/verifier-contracts/node';

/** Exactly one of them; what is secret is named, not given. */
export type ServiceSignerSource =
  | {
      readonly kind: 'keystore';
      readonly path: string;
      /** The environment variable with the file's password. */
      readonly passwordVariable: string;
    }
  | {
      readonly kind: 'keystore';
      readonly path: string;
      /** The file with its password on a line, such as a credential of systemd. */
      readonly passwordFile: string;
    }
  | {
      readonly kind: 'environment';
      /** The environment variable with the private key, 0x and 64 digits. */
      readonly variable: string;
    }
  | { readonly kind: 'development'; readonly index: number };

/**
 * Opens a signer. Child processes, such as provers, should not be given these variables.
 * @param environment the process's, unless told
 * @throws InputError QUEUE_SIGNER_VARIABLE when the variable is not set, CORE_FILE_MISSING; as
 *   `openSigner`
 */
export async function openServiceSigner(
  source: ServiceSignerSource,
  provider: Provider,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Signer> {
  if (source.kind === 'development') return openSigner(source, provider);
  if (source.kind === 'environment') {
    const privateKey = requireVariable(environment, source.variable);
    return openSigner({ kind: 'private-key', privateKey }, provider);
  }
  const password =
    'passwordFile' in source
      ? () => passwordOf(source.passwordFile)
      : requireVariable(environment, source.passwordVariable);
  return openSigner({ kind: 'keystore', path: source.path, password }, provider);
}

async function passwordOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw readError(cause, path);
  });
  return text.replace(/\r?\n$/, '');
}

function requireVariable(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new InputError({
    code: 'QUEUE_SIGNER_VARIABLE',
    what: `the environment variable ${name} is not set`,
    expected: 'the key of the signer, or the password of its file',
    hint: 'Set it in the service’s environment file, readable by its user alone.',
  });
}
