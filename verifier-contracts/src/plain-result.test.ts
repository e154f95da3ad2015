import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbiCoder, Interface, ParamType, type Result } from 'ethers';
import { plainStruct } from './plain-result.ts';

const TYPES = [
  ParamType.from('uint256 amount'),
  ParamType.from('tuple(string uri, bool open) terms'),
];

/** Values as a contract would tell them that was given these bytes as text. */
function decodedWith(text: Uint8Array): Result {
  const coder = AbiCoder.defaultAbiCoder();
  // Bytes and text are encoded alike.
  const data = coder.encode(['uint256', 'tuple(bytes, bool)'], [7, [text, true]]);
  return coder.decode(TYPES, data);
}

/** Decoded as the event of a contract that takes text. */
function decodeTold(data: string) {
  const contract = new Interface(['event Told(uint256 amount, string uri)']);
  const fragment = contract.getEvent('Told')!;
  return { fragment, decoded: contract.decodeEventLog(fragment, data) };
}

test('structs become objects whose text is as it was', () => {
  const decoded = decodedWith(Buffer.from('https://ä.example'));
  assert.deepEqual(plainStruct(decoded, TYPES), {
    amount: 7n,
    terms: { uri: 'https://ä.example', open: true },
  });
});

test('text that is no UTF-8 hides no other value', () => {
  const decoded = decodedWith(Uint8Array.of(0x61, 0xff, 0xed, 0xa0, 0x80));
  const { amount, terms } = plainStruct(decoded, TYPES) as { amount: bigint; terms: object };
  assert.equal(amount, 7n);
  assert.deepEqual(terms, { uri: 'a\ufffd\ufffd\ufffd\ufffd', open: true });
});

test('nor does it in an event', () => {
  const told = new Interface(['event Told(uint256 amount, bytes uri)']);
  const { data } = told.encodeEventLog('Told', [7, Uint8Array.of(0x61, 0xff)]);
  const { fragment, decoded } = decodeTold(data);
  assert.deepEqual(plainStruct(decoded, fragment.inputs), { amount: 7n, uri: 'a\ufffd' });
});

test('a value that is not there is refused', () => {
  const coder = AbiCoder.defaultAbiCoder();
  const broken = coder.decode(['tuple(bool, bool)'], `0x${'00'.repeat(63)}02`);
  assert.throws(() => plainStruct(broken, [ParamType.from('tuple(uint8 a, uint8 b, uint8 c) s')]));
});
