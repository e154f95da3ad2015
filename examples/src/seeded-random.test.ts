import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from './seeded-random.ts';

describe('SeededRandom', () => {
  it('repeats itself for the same seed and not for another', () => {
    const draw = (seed: number) => [...new SeededRandom(seed).permutation(50)];
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
  });

  it('permutes: every index once', () => {
    const sorted = new SeededRandom(7).permutation(1000).sort();
    assert.deepEqual([...sorted], [...Array(1000).keys()]);
  });

  it('draws every value below the bound about equally often, and none beyond', () => {
    const random = new SeededRandom(7);
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 3000; draw++) counts[random.below(3)]! += 1;
    // Deviation of a count: sqrt(3000 · 1/3 · 2/3) ≈ 26.
    for (const count of counts) assert.ok(Math.abs(count - 1000) < 130, `${counts}`);
    assert.equal(counts.length, 3);
  });
});
