/**
 * What transactions offer per gas (EIP-1559). A node replaces a transaction only by one that
 * offers at least 10 % more (geth's `--txpool.pricebump`; some chains 12.5 %) in both fields.
 */

/** What a transaction offers, wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  /** At most maxFeePerGas. */
  readonly maxPriorityFeePerGas: bigint;
}

/** What the network asks for now, wei per gas. */
export interface FeeMarket {
  /** Null on a chain without EIP-1559, where the priority fee is the gas price. */
  readonly baseFeePerGas: bigint | null;
  readonly priorityFeePerGas: bigint;
}

/** The gas of a transfer without data. Source: yellow paper, G_transaction. */
export const TRANSFER_GAS = 21_000n;

/** Wei per gas below which nothing is mined: the base fee; without one, any offer may be. */
export function leastFee({ baseFeePerGas }: FeeMarket): bigint {
  return baseFeePerGas ?? 0n;
}

/** Wei per gas that a transaction would pay now. */
export function gasPriceOf(market: FeeMarket): bigint {
  return leastFee(market) + market.priorityFeePerGas;
}

/**
 * What a new transaction offers: twice the base fee, which doubles within six full blocks at the
 * soonest (1.125^6), and the priority fee; never more than the cap.
 */
export function initialFees(market: FeeMarket, cap: bigint): Fees {
  const wished = 2n * leastFee(market) + market.priorityFeePerGas;
  return within(cap, { maxFeePerGas: wished, maxPriorityFeePerGas: market.priorityFeePerGas });
}

/**
 * What replaces an offer: 12.5 % more, or what a new transaction would offer if that is more; the cap
 * itself where it leaves less room, but enough.
 * @returns undefined when the cap does not allow 12.5 % more
 */
export function bumpedFees(before: Fees, market: FeeMarket, cap: bigint): Fees | undefined {
  const least: Fees = {
    maxFeePerGas: plusEighth(before.maxFeePerGas),
    maxPriorityFeePerGas: plusEighth(before.maxPriorityFeePerGas),
  };
  if (least.maxFeePerGas > cap) return undefined;
  const fresh = initialFees(market, cap);
  return within(cap, {
    maxFeePerGas: larger(least.maxFeePerGas, fresh.maxFeePerGas),
    maxPriorityFeePerGas: larger(least.maxPriorityFeePerGas, fresh.maxPriorityFeePerGas),
  });
}

/**
 * The most that may be offered per gas: what the policy allows, and what the job is worth.
 * @param maxCost wei that the whole transaction may cost
 */
export function feeCap(policyCap: bigint, maxCost: bigint, gasLimit: bigint): bigint {
  const worth = maxCost / gasLimit;
  return worth < policyCap ? worth : policyCap;
}

/**
 * A fifth more: what a transaction is given above what its simulation took. What it does not use
 * costs nothing.
 */
export function withHeadroom(amount: bigint): bigint {
  return (amount * 6n) / 5n;
}

function within(cap: bigint, fees: Fees): Fees {
  const maxFeePerGas = fees.maxFeePerGas < cap ? fees.maxFeePerGas : cap;
  const { maxPriorityFeePerGas: priority } = fees;
  return { maxFeePerGas, maxPriorityFeePerGas: priority < maxFeePerGas ? priority : maxFeePerGas };
}

/** 12.5 % more, rounded up. */
function plusEighth(fee: bigint): bigint {
  return (fee * 9n + 7n) / 8n;
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
