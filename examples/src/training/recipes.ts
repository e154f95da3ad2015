/** The recipes of all examples. */
import { InputError } from '@zkinfer/core';
import { irisMlp } from './iris-mlp.ts';
import { mnistLenet5 } from './mnist-lenet5.ts';
import { mnistMlp } from './mnist-mlp.ts';
import type { Recipe } from './recipe.ts';

/** From the quickest to train to the slowest. */
export const RECIPES: readonly Recipe[] = [irisMlp, mnistMlp, mnistLenet5];

/** The recipe of that name. @throws InputError `EXAMPLES_UNKNOWN_MODEL` if there is none. */
export function recipeNamed(name: string): Recipe {
  const found = RECIPES.find((recipe) => recipe.name === name);
  if (found !== undefined) return found;
  throw new InputError({
    code: 'EXAMPLES_UNKNOWN_MODEL',
    what: 'there is no such example',
    got: name === '' ? 'no name' : name,
    expected: RECIPES.map((recipe) => recipe.name).join(', '),
  });
}
