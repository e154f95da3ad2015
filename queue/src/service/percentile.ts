/**
 * The least sample that at least a share of all samples does not exceed (the nearest-rank method);
 * undefined without samples.
 * @param ascending sorted
 * @param share in (0, 1]
 */
export function percentile(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
}
