import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRANSACTION_RECORDS, type TransactionRecord } from './transaction-record.ts';

const RECORD: TransactionRecord = {
  nonce: 3,
  intentId: 'a',
  call: { to: '0x00', data: '0x', value: 2n ** 80n },
  gasLimit: 21_000n,
  feeCap: 5n,
  reservedAt: 1,
  state: 'mined',
  cancelWanted: false,
  attempts: [
    {
      purpose: 'call',
      hash: '0x01',
      raw: '0x02',
      maxFeePerGas: 3n,
      maxPriorityFeePerGas: 1n,
      signedAt: 2,
      firstSentAt: 3,
      sentAt: null,
      answer: 'taken',
    },
  ],
  inclusion: {
    hash: '0x01',
    blockNumber: 4,
    blockHash: '0x05',
    success: true,
    gasUsed: 6n,
    fee: 7n,
  },
  final: true,
};

const stored = () => JSON.parse(JSON.stringify(TRANSACTION_RECORDS.write(RECORD)));

test('a record is read as it was written', () => {
  assert.deepEqual(TRANSACTION_RECORDS.read(stored(), 'x', 1), RECORD);
});

for (const [what, change] of [
  ['a state that there is not', { state: 'lost' }],
  ['an amount that is no number', { gasLimit: '0x5' }],
  ['a negative nonce', { nonce: -1 }],
  ['a key too many', { privateKey: 'x' }],
  ['attempts of another shape', { attempts: [{ hash: '0x01' }] }],
] as const) {
  test(`${what} is refused`, () => {
    const data = { ...stored(), ...change };
    assert.throws(() => TRANSACTION_RECORDS.read(data, 'x', 1), { code: 'CORE_JSON_SHAPE' });
  });
}
