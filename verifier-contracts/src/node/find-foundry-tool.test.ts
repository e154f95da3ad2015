import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { findFoundryTool } from './find-foundry-tool.ts';

test('behavior: forge and anvil are found in the packages of this platform, and run', () => {
  for (const tool of ['forge', 'anvil'] as const) {
    const version = execFileSync(findFoundryTool(tool), ['--version'], { encoding: 'utf8' });
    assert.match(version, new RegExp(`^${tool} Version: 1\\.7\\.1`));
  }
});

test('error: a platform that Foundry is not built for', () => {
  assert.throws(() => findFoundryTool('forge', 'sunos-sparc'), {
    code: 'CONTRACTS_FOUNDRY_PLATFORM',
  });
});

test('error: the package of a platform is not installed', () => {
  const other = process.platform === 'win32' ? 'linux-arm64' : 'win32-x64';
  assert.throws(() => findFoundryTool('forge', other), { code: 'CONTRACTS_FOUNDRY_MISSING' });
});
