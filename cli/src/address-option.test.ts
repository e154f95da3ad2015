import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidArgumentError } from 'commander';
import { addressOption } from './address-option.ts';

test('addresses have 20 bytes, and their checksum counts', () => {
  const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
  assert.equal(addressOption(address), address);
  assert.equal(addressOption(address.toLowerCase()), address);
  const wrong = [address.slice(2), address.slice(0, -1), address.replace('F', 'f'), 'vitalik.eth'];
  for (const text of wrong) assert.throws(() => addressOption(text), InvalidArgumentError, text);
});
