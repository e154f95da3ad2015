import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callbackGas } from './fulfilment-gas.ts';
import { DEFAULT_PRICES, fulfilmentWorth, type Offer } from './prices.ts';

const GWEI = 1_000_000_000n;
const FULFIL_GAS = 404_000n;
const NATIVE = `0x${'00'.repeat(20)}`;
const LIMIT = 1_000_000n;
/** Of a fulfilment, without what its callback burns. */
const REST = FULFIL_GAS + callbackGas(LIMIT) - LIMIT;

function offer(changes: Partial<Offer>): Offer {
  const none = { callbackGasLimit: 0n, callbackGasPrice: 0n };
  return { token: NATIVE, workerFee: 0n, ...none, ...changes };
}

const worth = (changes: Partial<Offer>, prices = DEFAULT_PRICES) =>
  fulfilmentWorth(offer(changes), prices, FULFIL_GAS);

test('a fulfilment is worth its fee, and what the operator adds', () => {
  assert.equal(worth({ workerFee: 7n }), 7n);
  assert.equal(worth({ workerFee: 7n }, { ...DEFAULT_PRICES, subsidy: 3n }), 10n);
  assert.equal(worth({ workerFee: 7n, token: `0x${'01'.repeat(20)}` }), 0n);
});

test('whatever a callback burns, a transaction at the price that is allowed costs no more than it brings', () => {
  for (const callbackGasPrice of [1n, 5n, 10n, 20n, 1_000_000n].map((price) => price * GWEI)) {
    const workerFee = 10n * GWEI * REST;
    const allowed = worth({ workerFee, callbackGasLimit: LIMIT, callbackGasPrice });
    const price = allowed / (REST + LIMIT);
    const repaidPrice = price < callbackGasPrice ? price : callbackGasPrice;
    for (const burnt of [0n, LIMIT / 2n, LIMIT]) {
      const cost = (REST + burnt) * price;
      const brings = workerFee + burnt * repaidPrice;
      assert.ok(cost <= brings, `${callbackGasPrice} wei, ${burnt} gas: ${cost} for ${brings}`);
    }
  }
});

test('a callback whose gas is repaid takes nothing from what the fee pays for', () => {
  const workerFee = 10n * GWEI * REST;
  const allowed = worth({ workerFee, callbackGasLimit: LIMIT, callbackGasPrice: 10n * GWEI });
  assert.equal(allowed / (REST + LIMIT), 10n * GWEI);
});
