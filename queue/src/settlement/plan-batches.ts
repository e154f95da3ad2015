/** Which fulfilments go into one transaction. */
import { callbackGas, isBatchCheaper } from '../admission/fulfilment-gas.ts';

/** What of a fulfilment matters here. */
export interface Batchable {
  /** What it is verified under: those of one model share the work. */
  readonly modelId: string;
  /** Gas that it was seen to take alone. */
  readonly gas: bigint;
  readonly callbackGasLimit: bigint;
  /** Whether it brings what its own transaction would cost now, at least. */
  readonly paysForItself: boolean;
}

/** How large batches may be. */
export interface BatchLimits {
  readonly largestBatch: number;
  readonly batchGas: bigint;
}

/**
 * Groups fulfilments, those of a model together; each group is one transaction. Callbacks count with
 * their whole limits, since a batch reverts that could not give all of them theirs. What does not pay
 * for itself stays alone: others must neither pay for it nor wait with it until gas is cheaper.
 */
export function planBatches<T extends Batchable>(
  items: readonly T[],
  limits: BatchLimits,
): readonly (readonly T[])[] {
  const paying = items.filter(({ paysForItself }) => paysForItself);
  const alone = items.filter(({ paysForItself }) => !paysForItself).map((item) => [item]);
  return [...groupsOf(paying, limits), ...alone];
}

function groupsOf<T extends Batchable>(
  items: readonly T[],
  limits: BatchLimits,
): readonly (readonly T[])[] {
  const ordered = items.toSorted((one, other) => (one.modelId < other.modelId ? -1 : 1));
  const groups: T[][] = [];
  let gas = 0n;
  for (const item of ordered) {
    const needed = item.gas + callbackGas(item.callbackGasLimit);
    const last = groups.at(-1);
    const fits =
      last !== undefined && last.length < limits.largestBatch && gas + needed <= limits.batchGas;
    if (fits) last.push(item);
    else groups.push([item]);
    gas = fits ? gas + needed : needed;
  }
  return groups.flatMap((group) =>
    isBatchCheaper(group.map(({ modelId }) => modelId)) ? [group] : group.map((item) => [item]),
  );
}
