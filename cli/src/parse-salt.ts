import {
  InputError,
  OPEN_SALT,
  parseFieldElement,
  randomSalt,
  requireChosenSalt,
} from '@zkinfer/core';
import { readText } from './read-file.ts';

/**
 * The salt that an option asks for: `random`, `0` (nothing is hidden), or `@FILE` with the decimal digits in a file, so
 * that it is not seen in the list of processes.
 * @throws InputError CLI_SALT, CORE_SALT_WEAK, CORE_FIELD_ELEMENT_*, CORE_FILE_MISSING
 */
export async function parseSalt(argument: string): Promise<bigint> {
  if (argument === 'random') return randomSalt();
  if (argument === '0') return OPEN_SALT;
  if (argument.startsWith('@')) {
    const text = await readText(argument.slice(1));
    return requireChosenSalt(parseFieldElement(text.trim(), 'the input salt'));
  }
  throw new InputError({
    code: 'CLI_SALT',
    what: 'this is no input salt',
    expected: 'random, 0 (nothing is hidden), or @FILE with the decimal digits in a file',
    hint: 'Salts are not taken from the command line: other users could read them there.',
  });
}
