/** The tables of a report, from a run's raw data. */
import { threeDigits } from '../format-measure.ts';
import { type Figure, type FigureKey, figuresOf } from '../study/figures.ts';
import { proofCosts } from '../study/proof-cost.ts';
import type { Phase, StudyRun } from '../study/study-run.ts';
import { formatBytes, formatCount, formatMoney, formatTime } from './format-figure.ts';
import { headlineTable } from './headline-table.ts';
import {
  modelOf,
  NONE,
  OUR_COMPILER,
  OUR_ENGINE,
  peakText,
  type ReportTable,
  ratioText,
  tableOf,
  titleOf,
} from './table-parts.ts';

/** All of them, in the order of the report; those without data are left out. */
export function reportTables(run: StudyRun): ReportTable[] {
  const figures = figuresOf(run);
  const tables = [
    headlineTable(run),
    circuitTable(run),
    phaseTable(run, figures),
    proverTable(run, figures),
    costTable(run, figures),
    gasTable(run),
    accuracyTable(run),
  ];
  return tables.filter(({ table }) => table.rows.length > 0);
}

function circuitTable(run: StudyRun): ReportTable {
  return {
    title: 'Circuits',
    table: tableOf(
      ['model', 'compiler'],
      ['parameters', 'activations', 'rows', 'wires', 'non-zeros', 'domain', 'key', 'proof'],
      run.circuits.map((circuit) => {
        const model = modelOf(run, circuit.model);
        return [
          model.title,
          circuit.compiler,
          formatCount(model.parameters),
          formatCount(model.activations),
          formatCount(circuit.rows),
          formatCount(circuit.wires),
          formatCount(circuit.nonZeros),
          `2^${circuit.domainLog2}`,
          formatBytes(circuit.keyBytes),
          formatBytes(circuit.proofBytes),
        ];
      }),
    ),
    notes: ['Non-zeros: coefficients of A, B and C. Proof: as the chain takes it.'],
  };
}

const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  compile: 'compile',
  setup: 'setup',
  infer: 'plain inference',
  witness: 'witness',
  'prove-cold': 'proof, cold',
  'prove-warm': 'proof, warm',
  verify: 'verify',
};

function phaseTable(run: StudyRun, figures: readonly Figure[]): ReportTable {
  return {
    title: 'Times, CPU and memory of every phase',
    table: tableOf(
      ['model', 'phase', 'compiler', 'engine'],
      ['median', 'min – max', 'runs', 'CPU', 'peak memory'],
      figures.map((figure) => [
        titleOf(run, figure.model),
        PHASE_TITLES[figure.phase],
        figure.compiler,
        figure.engine,
        formatTime(figure.time.median),
        `${formatTime(figure.time.min)} – ${formatTime(figure.time.max)}`,
        String(figure.count),
        figure.cpu === null ? NONE : formatTime(figure.cpu),
        peakText(figure),
      ]),
    ),
    notes: [
      'Cold: a new process that reads the key from disk, checks it and proves once.',
      'CPU: all cores, all processes of the tree. Peak memory: of the whole process tree.',
    ],
  };
}

/** Who else proves what we prove, and how much longer it takes, round by round. */
function proverTable(run: StudyRun, figures: readonly Figure[]): ReportTable {
  const others = figures.filter(
    ({ phase, engine, compiler }) =>
      phase === 'prove-warm' && !(engine === OUR_ENGINE && compiler === OUR_COMPILER),
  );
  return {
    title: 'Provers side by side, warm',
    table: tableOf(
      ['model', 'compiler', 'prover'],
      ['median', 'peak memory', 'zkinfer is faster by', 'in CPU time by'],
      others.map((figure) => {
        const ours: FigureKey = { ...figure, compiler: OUR_COMPILER, engine: OUR_ENGINE };
        return [
          titleOf(run, figure.model),
          figure.compiler,
          figure.engine,
          formatTime(figure.time.median),
          peakText(figure),
          ratioText(run, figure, ours, 'milliseconds'),
          ratioText(run, figure, ours, 'cpuMilliseconds'),
        ];
      }),
    ),
    notes: ['Each ratio is of medians; in brackets the least and largest of the rounds.'],
  };
}

function costTable(run: StudyRun, figures: readonly Figure[]): ReportTable {
  const { currency, machineHour, gasPriceGwei, coin, source } = run.prices;
  const money = (value: number | null) => (value === null ? NONE : formatMoney(value, currency));
  return {
    title: 'Money per proof',
    table: tableOf(
      ['model', 'compiler', 'prover'],
      ['machine', 'gas, alone', 'gas, batched', 'premium'],
      proofCosts(run, figures).map((cost) => [
        titleOf(run, cost.model),
        cost.compiler,
        cost.engine,
        money(cost.machine),
        money(cost.gas),
        money(cost.batchedGas),
        cost.premium === null ? NONE : `${threeDigits(cost.premium)} ×`,
      ]),
    ),
    notes: [
      `At ${formatMoney(machineHour, currency)} a machine-hour, ${gasPriceGwei} gwei of gas and ` +
        `${formatMoney(coin, currency)} a coin (${source}).`,
    ],
  };
}

function gasTable({ gas }: StudyRun): ReportTable {
  return {
    title: 'Gas on chain',
    table: tableOf(
      ['call'],
      ['proofs in a transaction', 'gas', 'gas a proof'],
      gas.map(({ call, batch, gasUsed }) => [
        call === 'verify' ? 'verification alone' : 'settlement with payment',
        String(batch),
        formatCount(gasUsed),
        formatCount(Math.round(gasUsed / batch)),
      ]),
    ),
    notes: [
      'Of whole transactions on a local node, the 21,000 of each and its calldata included; three public signals, an output word each.',
    ],
  };
}

function accuracyTable(run: StudyRun): ReportTable {
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
  return {
    title: 'Accuracy',
    table: tableOf(
      ['model'],
      ['samples', 'float', 'quantised', 'changed predictions'],
      run.models.flatMap(({ title, accuracy }) =>
        accuracy === null
          ? []
          : [
              [
                title,
                formatCount(accuracy.samples),
                share(accuracy.floatCorrect, accuracy.samples),
                share(accuracy.integerCorrect, accuracy.samples),
                String(accuracy.changed),
              ],
            ],
      ),
    ),
    notes: [],
  };
}
