/** What an operator asks for, and what fees are worth to it. */

import { callbackGas } from './fulfilment-gas.ts';

/** What a token is worth to the operator: `units` of its smallest unit are `wei`. */
export interface TokenPrice {
  readonly units: bigint;
  readonly wei: bigint;
}

/** What must be earned, and what may be spent. */
export interface Prices {
  /** Wei that an hour of a proving machine costs. */
  readonly machineHour: bigint;
  /** What must be left above costs, as a share of them, ≥ 0. */
  readonly margin: number;
  /** Tokens that are taken besides the chain's own currency, by address. */
  readonly tokens: Readonly<Record<string, TokenPrice>>;
  /** Wei that the operator adds to each request's fee: for tests, and for models that it owns. */
  readonly subsidy: bigint;
  /** Requests with larger callbacks are not served. */
  readonly largestCallbackGas: bigint;
}

/** Free of charge but for gas; every callback that the contract allows. */
export const DEFAULT_PRICES: Prices = {
  machineHour: 0n,
  margin: 0.1,
  tokens: {},
  subsidy: 0n,
  largestCallbackGas: 1_000_000n,
};

/** The zero address stands for the chain's own currency. */
const NATIVE = /^0x0{40}$/;

const HOUR_MS = 3_600_000n;

/** What the payee of a request may earn. */
export interface Offer {
  readonly token: string;
  readonly workerFee: bigint;
  readonly callbackGasLimit: bigint;
  /** Wei that are repaid per gas of the callback, at most. */
  readonly callbackGasPrice: bigint;
}

/** Wei that an amount of a token is worth; undefined for a token that is not taken. */
export function worthOf(amount: bigint, token: string, { tokens }: Prices): bigint | undefined {
  if (NATIVE.test(token)) return amount;
  const key = Object.keys(tokens).find((known) => known.toLowerCase() === token.toLowerCase());
  if (key === undefined) return undefined;
  const { units, wei } = tokens[key]!;
  return (amount * wei) / units;
}

/**
 * Wei that the transaction which fulfils a request may cost, with gas for the callback's whole limit:
 * what it brings for certain. A callback may burn nothing, and then nothing is repaid for it; so a
 * high `callbackGasPrice` must not let the rest cost more than the fee, and the callback's gas counts
 * at no higher price than that at which the fee pays for the rest.
 * @param fulfilGas of the fulfilment without its callback, > 0
 * @returns 0 for a token that is not taken, without a subsidy
 */
export function fulfilmentWorth(offer: Offer, prices: Prices, fulfilGas: bigint): bigint {
  const { callbackGasLimit, callbackGasPrice } = offer;
  const fee = (worthOf(offer.workerFee, offer.token, prices) ?? 0n) + prices.subsidy;
  const payable = fee / (fulfilGas + callbackGas(callbackGasLimit) - callbackGasLimit);
  return fee + callbackGasLimit * (payable < callbackGasPrice ? payable : callbackGasPrice);
}

/** Wei of machine time, rounded up. */
export function machineCost(ms: number, { machineHour }: Prices): bigint {
  return (machineHour * BigInt(Math.ceil(ms)) + HOUR_MS - 1n) / HOUR_MS;
}

/** A cost with the margin on top, rounded up. */
export function withMargin(cost: bigint, { margin }: Prices): bigint {
  const thousandths = BigInt(Math.round((1 + margin) * 1000));
  return (cost * thousandths + 999n) / 1000n;
}
