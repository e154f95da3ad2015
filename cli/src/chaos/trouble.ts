/** What goes wrong in a run, and when: at shares of its progress, so that slow machines have as much. */
import type { SeededRandom } from '@zkinfer/core/testing';

/** Everything that can be made to go wrong. */
export interface TroubleMaker {
  readonly workers: number;
  killWorker(index: number): Promise<unknown>;
  killRedis(): Promise<unknown>;
  killService(): Promise<unknown>;
  reorganise(): Promise<unknown>;
  raiseGas(): Promise<unknown>;
  /** The end of a trouble: callbacks, which failed until then, succeed. */
  mendCallbacks(): Promise<unknown>;
}

/** One trouble. */
export interface Trouble {
  /** How many requests have ended when it comes. */
  readonly after: number;
  readonly what: string;
  readonly strike: () => Promise<unknown>;
}

const KILLS = 20;

/** The share of requests that have ended when the last trouble comes. */
const LAST = 0.85;

/** All troubles of a run of so many requests, the first one first. */
export function planTroubles(
  requests: number,
  make: TroubleMaker,
  random: SeededRandom,
): readonly Trouble[] {
  const at = (share: number) => Math.floor(share * LAST * requests);
  const kills = Array.from({ length: KILLS }, (): Trouble => {
    const index = random.int(0, make.workers - 1);
    const strike = () => make.killWorker(index);
    return { after: at(random.float()), what: `worker ${index} is killed`, strike };
  });
  const others: Trouble[] = [
    { after: at(0.1), what: 'callbacks succeed', strike: () => make.mendCallbacks() },
    { after: at(0.25), what: 'blocks are replaced', strike: () => make.reorganise() },
    { after: at(0.4), what: 'Redis is killed', strike: () => make.killRedis() },
    { after: at(0.55), what: 'the service is killed', strike: () => make.killService() },
    { after: at(0.7), what: 'blocks are replaced', strike: () => make.reorganise() },
    { after: at(0.85), what: 'gas becomes dear', strike: () => make.raiseGas() },
  ];
  return [...kills, ...others].sort((a, b) => a.after - b.after);
}
