/** What a proof costs in money, and how much dearer it is than the plain inference. */
import { type Figure, findFigure } from './figures.ts';
import type { Prices, StudyRun } from './study-run.ts';

/** Of one model, proved by one engine, in the currency of the prices. */
export interface ProofCost {
  readonly model: string;
  readonly compiler: string;
  readonly engine: string;
  /** Witness and warm proof on the machine, by its hourly price. */
  readonly machine: number;
  /** Settlement, alone in its transaction; null for other compilers, or where it was not measured. */
  readonly gas: number | null;
  /** Share of the largest batch that was measured; null as `gas`, or without batches. */
  readonly batchedGas: number | null;
  /** (witness + proof) / plain inference, on the same machine; null where that was not measured. */
  readonly premium: number | null;
}

const MILLISECONDS_PER_HOUR = 3_600_000;

/** The contracts settle proofs of its circuits: three signals that bind model, input and output. */
const SETTLED_COMPILER = 'zkinfer';

/** Of whatever was proved warm, and had its witness timed. */
export function proofCosts(run: StudyRun, figures: readonly Figure[]): ProofCost[] {
  return figures
    .filter(({ phase }) => phase === 'prove-warm')
    .flatMap((proof) => proofCost(run, figures, proof) ?? []);
}

/** Gas in money. */
export function gasCost(gas: number, { gasPriceGwei, coin }: Prices): number {
  return gas * gasPriceGwei * 1e-9 * coin;
}

function proofCost(
  run: StudyRun,
  figures: readonly Figure[],
  { model, compiler, engine, time }: Figure,
): ProofCost | undefined {
  // Witnesses are the compiler's, whoever proves.
  const witness = findFigure(figures, { model, compiler, engine: compiler, phase: 'witness' });
  if (witness === undefined) return undefined;
  const milliseconds = time.median + witness.time.median;
  const plain = fastestInference(figures, model);
  return {
    model,
    compiler,
    engine,
    machine: (milliseconds / MILLISECONDS_PER_HOUR) * run.prices.machineHour,
    ...settlementCosts(run, compiler),
    premium: plain === undefined ? null : milliseconds / plain,
  };
}

function settlementCosts({ gas, prices }: StudyRun, compiler: string) {
  if (compiler !== SETTLED_COMPILER) return { gas: null, batchedGas: null };
  const settlements = gas.filter(({ call }) => call === 'fulfill');
  const single = settlements.find(({ batch }) => batch === 1);
  const largest = settlements.reduce<(typeof settlements)[number] | undefined>(
    (best, each) => (each.batch > (best?.batch ?? 1) ? each : best),
    undefined,
  );
  return {
    gas: single === undefined ? null : gasCost(single.gasUsed, prices),
    batchedGas: largest === undefined ? null : gasCost(largest.gasUsed / largest.batch, prices),
  };
}

/** The fairest comparison is with the fastest way to run the model here. */
function fastestInference(figures: readonly Figure[], model: string): number | undefined {
  const times = figures
    .filter((figure) => figure.phase === 'infer' && figure.model === model)
    .map(({ time }) => time.median);
  return times.length === 0 ? undefined : Math.min(...times);
}
