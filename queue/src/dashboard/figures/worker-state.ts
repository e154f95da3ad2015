/** How a worker is, judged by its own last words. */
import type { WorkerStatus } from '@zkinfer/core/service';

/** Workers tell of themselves every few seconds: one that is silent for so long is stale. */
export const STALE_AFTER_MS = 20_000;

/** `stale` says that it may be gone; its figures are old. */
export type WorkerState = 'stale' | 'draining' | 'busy' | 'idle';

/** @param now of the service's clock, milliseconds since 1970 */
export function workerState(
  worker: Pick<WorkerStatus, 'at' | 'draining' | 'running'>,
  now: number,
): WorkerState {
  if (now - worker.at > STALE_AFTER_MS) return 'stale';
  if (worker.draining) return 'draining';
  return worker.running.length > 0 ? 'busy' : 'idle';
}

/** What its models are inferred with: `interpreter 2, tensorflow 1`, the most used first. */
export function describeBackends(backends: Readonly<Record<string, string>>): string {
  const counts = new Map<string, number>();
  for (const name of Object.values(backends)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ordered = [...counts].sort(([, a], [, b]) => b - a);
  return ordered.map(([name, count]) => (count > 1 ? `${name} × ${count}` : name)).join(', ');
}
