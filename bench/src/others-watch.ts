/** Whether other work got in the way of a measurement: how much of the machine it took meanwhile. */
import { cpus } from 'node:os';
import { othersTime } from './others-time.ts';

/** The share of all cores that goes unnoticed in what is measured. */
const QUIET_SHARE = 0.05;

/** From its construction on. */
export class OthersWatch {
  readonly #begun = { wall: performance.now(), others: othersTime() };

  /** None, or one; none where the machine does not tell. Once all programs of ours have ended. */
  warnings(): readonly string[] {
    const { wall, others } = this.#begun;
    const now = othersTime();
    if (others === undefined || now === undefined) return [];
    return warningsOf((now - others) / (cpus().length * (performance.now() - wall)));
  }
}

/** @param share of all cores, 0 to 1 */
export function warningsOf(share: number): readonly string[] {
  if (share <= QUIET_SHARE) return [];
  const percent = (100 * share).toFixed(0);
  return [
    `while it ran, other work took ${percent} % of the machine's cores; trust ratios more than times`,
  ];
}
