/** What a job goes through, without the work: submit, three stages, done. */

/** Runs jobs by some queue. */
export interface JobRunner {
  /** Resolves when the job of this id is done. */
  run(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Jobs a second, one after the other or at once as they come: the queue does not slow them down. */
export async function measureLatencies(
  runner: JobRunner,
  jobsPerSecond: number,
  jobs: number,
): Promise<number[]> {
  const started = performance.now();
  const running = Array.from({ length: jobs }, async (_, i) => {
    const due = started + (i * 1000) / jobsPerSecond;
    await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    const before = performance.now();
    await runner.run(`j-${jobsPerSecond}-${i}`);
    return performance.now() - before;
  });
  return Promise.all(running);
}
