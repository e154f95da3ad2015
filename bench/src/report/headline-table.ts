import { type Figure, type FigureKey, figuresOf, findFigure } from '../study/figures.ts';
import { type ProofCost, proofCosts } from '../study/proof-cost.ts';
import type { Phase, StudyCircuit, StudyRun } from '../study/study-run.ts';
import type { Summary } from '../summarize.ts';
import { formatBytes, formatCount, formatMoney, formatTime } from './format-figure.ts';
import {
  modelOf,
  NONE,
  OUR_COMPILER,
  OUR_ENGINE,
  peakText,
  premiumText,
  type ReportTable,
  ratioText,
  tableOf,
  titleOf,
} from './table-parts.ts';

/** One line for each of our circuits: what most readers want to know. */
export function headlineTable(run: StudyRun): ReportTable {
  const figures = figuresOf(run);
  const costs = proofCosts(run, figures);
  const rows = ourCircuits(run).map((circuit) => {
    const ours = (phase: Phase, engine: string) => figureOf(figures, circuit, phase, engine);
    const proof = ours('prove-warm', OUR_ENGINE);
    const cost = costOf(costs, circuit, OUR_ENGINE);
    return [
      titleOf(run, circuit.model),
      formatCount(modelOf(run, circuit.model).parameters),
      formatCount(circuit.rows),
      formatBytes(circuit.keyBytes),
      timeText(ours('setup', OUR_COMPILER)?.time),
      timeText(proof?.time),
      peakText(proof),
      ratioToSnarkjs(run, circuit.model),
      cost === undefined ? NONE : formatMoney(cost.machine, run.prices.currency),
      premiumText(cost?.premium ?? null),
    ];
  });
  return {
    title: 'A proof of each model',
    table: tableOf(
      ['model'],
      [
        'parameters',
        'rows',
        'key',
        'setup',
        'proof',
        'memory',
        'faster than snarkjs',
        'machine cost',
        'premium',
      ],
      rows,
    ),
    notes: [
      'Proof: warm, the key in memory. Memory: largest of the whole process tree while proving.',
      'Machine cost: witness and proof, without gas. Premium: their time against the fastest plain inference on the same machine.',
      'Faster than snarkjs: the median of the rounds’ ratios, in brackets the least and the largest.',
    ],
  };
}

function ourCircuits({ circuits }: StudyRun): StudyCircuit[] {
  return circuits.filter(({ compiler }) => compiler === OUR_COMPILER);
}

function figureOf(
  figures: readonly Figure[],
  { model, compiler }: StudyCircuit,
  phase: Phase,
  engine: string,
): Figure | undefined {
  return findFigure(figures, { model, compiler, engine, phase });
}

function costOf(costs: readonly ProofCost[], { model, compiler }: StudyCircuit, engine: string) {
  return costs.find(
    (cost) => cost.model === model && cost.compiler === compiler && cost.engine === engine,
  );
}

function ratioToSnarkjs(run: StudyRun, model: string): string {
  const ours: FigureKey = {
    model,
    compiler: OUR_COMPILER,
    engine: OUR_ENGINE,
    phase: 'prove-warm',
  };
  return ratioText(run, { ...ours, engine: 'snarkjs' }, ours, 'milliseconds');
}

function timeText(time: Summary | undefined): string {
  return time === undefined ? NONE : formatTime(time.median);
}
