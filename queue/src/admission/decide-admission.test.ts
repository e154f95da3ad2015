import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, type Conditions, decideAdmission } from './decide-admission.ts';
import { DEFAULT_PRICES } from './prices.ts';

const GWEI = 1_000_000_000n;
const TOKEN = `0x${'aB'.repeat(20)}`;

/** Gas for 404,000 at 1 gwei, an hour of machines at 3,600,000 wei a millisecond, no margin. */
const conditions: Conditions = {
  expectedMs: 10_000,
  workMs: 1_000,
  gasPrice: GWEI,
  fulfilGas: 404_000n,
  prices: {
    ...DEFAULT_PRICES,
    machineHour: 3_600_000n * 1_000n,
    margin: 0.1,
    tokens: { [TOKEN.toLowerCase()]: { units: 2n, wei: 1n } },
  },
  safety: 2,
};

/** 404,000 gwei and 1,000,000 wei, and a tenth. */
const LEAST_FEE = 444_400n * GWEI + 1_100_000n;

const candidate: Candidate = {
  isOpen: true,
  model: 'served',
  hasInput: true,
  token: `0x${'00'.repeat(20)}`,
  workerFee: LEAST_FEE,
  callbackGasLimit: 0n,
  callbackGasPrice: 0n,
  leftMs: 20_000,
};

const CALLBACK = { callbackGasLimit: 630_000n, callbackGasPrice: GWEI };
/** The callback's overhead: what is kept back and recorded, which nobody repays. */
const UNPAID_GAS = 10_000n + 90_000n;

const admitted: Record<string, [Partial<Candidate>, Partial<Conditions>?]> = {
  'with exactly the least fee and time': [{}],
  'in a token at its price': [{ token: TOKEN, workerFee: 2n * LEAST_FEE }],
  'with a callback whose gas is repaid, and its overhead paid': [
    { ...CALLBACK, workerFee: LEAST_FEE + (UNPAID_GAS * GWEI * 11n) / 10n },
  ],
  'with a callback that offers more than gas costs': [
    {
      ...CALLBACK,
      callbackGasPrice: 9n * GWEI,
      workerFee: LEAST_FEE + (UNPAID_GAS * GWEI * 11n) / 10n,
    },
  ],
  'without a fee where the operator adds enough': [
    { workerFee: 0n },
    { prices: { ...conditions.prices, subsidy: LEAST_FEE } },
  ],
};

for (const [what, [change, other]] of Object.entries(admitted)) {
  test(`a request is admitted ${what}`, () => {
    const decision = decideAdmission({ ...candidate, ...change }, { ...conditions, ...other });
    assert.deepEqual(decision, { admitted: true });
  });
}

const skipped: Record<string, [string, Partial<Candidate>, Partial<Conditions>?]> = {
  'that is fulfilled': ['NOT_OPEN', { isOpen: false }],
  'for a model that is not here': ['MODEL_UNKNOWN', { model: 'unknown' }],
  'for a model that is not on the list': ['MODEL_NOT_ALLOWED', { model: 'not-allowed' }],
  'for a frozen model': ['MODEL_FROZEN', { model: 'frozen' }],
  'in a token without a price': ['TOKEN_NOT_TAKEN', { token: `0x${'cd'.repeat(20)}` }],
  'without an input': ['INPUT_MISSING', { hasInput: false }],
  'with a callback beyond the limit': ['CALLBACK_TOO_LARGE', { callbackGasLimit: 1_000_001n }],
  'whose deadline is a millisecond too near': ['DEADLINE_NEAR', { leftMs: 19_999 }],
  'whose deadline has passed': ['DEADLINE_NEAR', { leftMs: -1 }],
  'a wei below the least fee': ['FEE_TOO_LOW', { workerFee: LEAST_FEE - 1n }],
  'in a token, a wei below': ['FEE_TOO_LOW', { token: TOKEN, workerFee: 2n * LEAST_FEE - 2n }],
  'when gas costs more': ['FEE_TOO_LOW', {}, { gasPrice: GWEI + 1n }],
  'when machines take longer': ['FEE_TOO_LOW', {}, { workMs: 1_001 }],
  'whose callback’s overhead nobody pays': ['FEE_TOO_LOW', CALLBACK],
  'whose callback is repaid in part': [
    'FEE_TOO_LOW',
    {
      ...CALLBACK,
      callbackGasPrice: GWEI - 1n,
      workerFee: LEAST_FEE + (UNPAID_GAS * GWEI * 11n) / 10n,
    },
  ],
};

for (const [what, [code, change, other]] of Object.entries(skipped)) {
  test(`a request is skipped ${what}`, () => {
    const decision = decideAdmission({ ...candidate, ...change }, { ...conditions, ...other });
    assert.deepEqual(decision, { admitted: false, code: `QUEUE_SKIP_${code}` });
  });
}

test('what lasts is told before what may change', () => {
  const hopeless = { ...candidate, model: 'unknown', leftMs: 0, workerFee: 0n } as const;
  const decision = decideAdmission(hopeless, conditions);
  assert.deepEqual(decision, { admitted: false, code: 'QUEUE_SKIP_MODEL_UNKNOWN' });
});
