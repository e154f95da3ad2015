import { InputError } from '@zkinfer/core';
import { readText } from './read-file.ts';

/**
 * The names of a model's classes: from a file with one name a line (an argument with a slash or the
 * ending .txt), else the argument itself, names between commas.
 * @param classes how many there must be
 * @throws InputError CLI_LABEL_NAMES, CORE_FILE_MISSING
 */
export async function readClassLabels(argument: string, classes: number): Promise<string[]> {
  const isFile = /[/\\]|\.txt$/.test(argument);
  const names = (isFile ? await readText(argument) : argument)
    .split(isFile ? /\r?\n/ : ',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === classes && new Set(names).size === classes) return names;
  throw new InputError({
    code: 'CLI_LABEL_NAMES',
    what: 'the names do not fit the classes of the model',
    got: `${names.length} names${names.length === classes ? ', not all different' : ''}`,
    expected: `${classes} different names, between commas or in a file with one a line`,
  });
}
