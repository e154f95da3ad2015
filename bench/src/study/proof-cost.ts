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
  /** Settlement, alone in its transaction; null where gas was not measured. */
  readonly gas: number | null;
  /** Share of the largest batch that was measured; null without batches. */
  readonly batchedGas: number | null;
  /** (witness + proof) / plain inference, on the same machine; null where that was not measured. */
  readonly premium: number | null;
}

const MILLISECONDS_PER_HOUR = 3_600_000;

/** Of whatever was proved warm. */
export function proofCosts(run: StudyRun, figures: readonly Figure[]): ProofCost[] {
  return figures
    .filter(({ phase }) => phase === 'prove-warm')
    .map((proof) => proofCost(run, figures, proof));
}

/** Gas in money. */
export function gasCost(gas: number, { gasPriceGwei, coin }: Prices): number {
  return gas * gasPriceGwei * 1e-9 * coin;
}

function proofCost(run: StudyRun, figures: readonly Figure[], proof: Figure): ProofCost {
  const { model, compiler, engine } = proof;
  const milliseconds = proof.time.median + witnessTime(figures, proof);
  const plain = fastestInference(figures, model);
  const settlements = run.gas.filter(({ call }) => call === 'fulfill');
  const single = settlements.find(({ batch }) => batch === 1);
  const largest = settlements.reduce<(typeof settlements)[number] | undefined>(
    (best, each) => (each.batch > (best?.batch ?? 1) ? each : best),
    undefined,
  );
  return {
    model,
    compiler,
    engine,
    machine: (milliseconds / MILLISECONDS_PER_HOUR) * run.prices.machineHour,
    gas: single === undefined ? null : gasCost(single.gasUsed, run.prices),
    batchedGas: largest === undefined ? null : gasCost(largest.gasUsed / largest.batch, run.prices),
    premium: plain === undefined ? null : milliseconds / plain,
  };
}

/** Witnesses are the compiler's, whoever proves; 0 where its time is not told apart. */
function witnessTime(figures: readonly Figure[], { model, compiler }: Figure): number {
  const witness = findFigure(figures, { model, compiler, engine: compiler, phase: 'witness' });
  return witness?.time.median ?? 0;
}

/** The fairest comparison is with the fastest way to run the model here. */
function fastestInference(figures: readonly Figure[], model: string): number | undefined {
  const times = figures
    .filter((figure) => figure.phase === 'infer' && figure.model === model)
    .map(({ time }) => time.median);
  return times.length === 0 ? undefined : Math.min(...times);
}
