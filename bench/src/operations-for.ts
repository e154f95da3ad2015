/** Samples of quick work are this long at least: clocks and schedulers are coarse. */
const SAMPLE_MS = 100;

/** How often to run something so that it takes that long; runs it twice to know. */
export async function operationsFor(run: () => unknown): Promise<number> {
  await run();
  const started = performance.now();
  await run();
  const once = performance.now() - started;
  return Math.max(1, Math.ceil(SAMPLE_MS / once));
}
