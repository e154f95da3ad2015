/** Progress of a computation as messages: each stage, and a few times a second how far it is. */
import type { Progress } from '@zkinfer/core';
import type { StageProgress } from '@zkinfer/core/service';

/** Between two messages on one stage. */
const INTERVAL_MS = 250;

/** A `Progress` that reports. @param now milliseconds; the clock unless told */
export function progressReports(
  report: (progress: StageProgress) => void,
  now: () => number = Date.now,
): Progress {
  let step = '';
  let total = 0;
  let lastAt = 0;
  return {
    stage(name, amount = 0) {
      [step, total, lastAt] = [name, amount, now()];
      report({ step, done: 0 });
    },
    advance(done) {
      if (total === 0 || now() - lastAt < INTERVAL_MS) return;
      lastAt = now();
      report({ step, done: Math.min(1, done / total) });
    },
  };
}
