import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFileNames } from './file-names.mjs';

test('kebab-case, test endings, dot files and customary names are good', () => {
  const good = [
    'core/src/seeded-random.e2e.test.ts',
    'README.md',
    '.ci/run',
    'deploy/proxy/Caddyfile',
    'deploy/systemd/zkinfer-worker@.service',
    'examples/models/mnist-lenet5/group1-shard1of1.bin',
    'package-lock.json',
    'verifier-contracts/contracts/ModelRegistry.sol',
    'verifier-contracts/test/solidity/ModelRegistry.t.sol',
    'verifier-contracts/test/solidity/ModelRegistry.events.t.sol',
  ];
  assert.deepEqual(checkFileNames(good), []);
});

test('other spellings and empty words are not', () => {
  const bad = [
    'core/src/seededRandom.ts',
    'core/src/a_b.ts',
    'core/Src/a.ts',
    'cli/src/utils.ts',
    'deploy/Dockerfile',
    'a/modelRegistry.sol',
    'a/ModelRegistry.events.sol',
  ];
  assert.equal(checkFileNames([...bad, 'cli/src/helpers/a.ts']).length, 8);
});
