import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInstalled, satisfies } from './prepare.mjs';

const entry = (version, more = {}) => ({ version, integrity: `sha-${version}`, ...more });

test('packages count as installed when each one of the lock file is there at its version', () => {
  const wanted = { '': {}, core: {}, 'node_modules/a': entry('1.0.0') };
  assert.equal(isInstalled(wanted, { 'node_modules/a': entry('1.0.0') }), true);
  assert.equal(isInstalled(wanted, { 'node_modules/a': entry('1.0.1') }), false);
  assert.equal(isInstalled(wanted, {}), false);
});

test('a package inside a workspace counts too', () => {
  const wanted = { 'cli/node_modules/a': entry('2.0.0') };
  assert.equal(isInstalled(wanted, {}), false);
  assert.equal(isInstalled(wanted, { 'cli/node_modules/a': entry('2.0.0') }), true);
});

test('an optional package may be missing, but not be another version', () => {
  const wanted = { 'node_modules/a': entry('1.0.0', { optional: true }) };
  assert.equal(isInstalled(wanted, {}), true);
  assert.equal(isInstalled(wanted, { 'node_modules/a': entry('0.9.0') }), false);
});

test('versions compare number by number', () => {
  assert.equal(satisfies('20.10.0', '>=20.10'), true);
  assert.equal(satisfies('20.9.3', '>=20.10'), false);
  assert.equal(satisfies('22.0.0', '>=20.10'), true);
  assert.equal(satisfies('18.20.0', '>=20.10'), false);
});
