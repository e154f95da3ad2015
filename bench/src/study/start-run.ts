/** The head of a run: where, when, with what, at which prices. */
import { availableParallelism } from 'node:os';
import { describeMachine, ownVersions } from '../machine.ts';
import type { Prices, StudyRun } from './study-run.ts';
import type { Suite } from './suites.ts';

/** Above it, other work gets in the way. */
const QUIET_LOAD_PER_CORE = 0.5;

/** Stated, not looked up: change them by options. */
export const DEFAULT_PRICES: Prices = {
  currency: 'USD',
  machineHour: 0.1,
  gasPriceGwei: 1,
  coin: 3000,
  source:
    'assumed: about what a machine of 2 cores and 8 GB costs to rent, a quiet day on Ethereum; change with --machine-hour, --gas-price, --coin',
};

/**
 * A run without figures.
 * @param versions of what others made and takes part
 */
export async function startRun(
  suite: Suite,
  command: string,
  { repeat, prices }: { readonly repeat: number | undefined; readonly prices: Prices },
  versions: Readonly<Record<string, string>>,
): Promise<StudyRun> {
  const machine = { ...describeMachine(), cores: availableParallelism() };
  const isBusy = machine.loadBefore / machine.cores > QUIET_LOAD_PER_CORE;
  return {
    format: 'zkinfer-bench-run',
    version: 1,
    suite: suite.name,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    command,
    repeat: repeat ?? suite.repeat,
    machine,
    versions: { ...(await ownVersions()), ...versions },
    warnings: isBusy
      ? [
          `the machine was not quiet: ${machine.loadBefore.toFixed(1)} processes wanted ${machine.cores} cores; trust ratios more than times`,
        ]
      : [],
    prices,
    models: [],
    circuits: [],
    samples: [],
    gas: [],
    failures: [],
  };
}
