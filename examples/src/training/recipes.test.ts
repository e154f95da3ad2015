import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RECIPES, recipeNamed } from './recipes.ts';

describe('recipeNamed', () => {
  it('finds every recipe by its name', () => {
    for (const recipe of RECIPES) assert.equal(recipeNamed(recipe.name), recipe);
  });

  it('refuses a name that no recipe has', () => {
    assert.throws(() => recipeNamed('mnist'), { code: 'EXAMPLES_UNKNOWN_MODEL' });
  });
});
