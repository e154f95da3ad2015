/** The tables of a report, from a run's raw data. */
import { type Figure, type FigureKey, figuresOf, keyText } from '../study/figures.ts';
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
  premiumText,
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
    sideBySideTable(run, figures),
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
      'Verification, witness and plain inference are repeated to a tenth of a second a sample; the time is of one.',
      'CPU: all threads; of a program, of all that it started. Peak memory likewise, resident, the largest of the samples; Node itself takes 40–50 MB.',
    ],
  };
}

/** Who of us the others of a phase are compared with; plain inference is no competition. */
const OUR_CONTESTANTS: Readonly<Partial<Record<Phase, string>>> = {
  compile: OUR_COMPILER,
  setup: OUR_COMPILER,
  witness: OUR_COMPILER,
  'prove-cold': OUR_ENGINE,
  'prove-warm': OUR_ENGINE,
  verify: OUR_COMPILER,
};

/** Who else does what we do, and how much longer it takes, round by round. */
function sideBySideTable(run: StudyRun, figures: readonly Figure[]): ReportTable {
  const rows = figures.flatMap((figure) => {
    const engine = OUR_CONTESTANTS[figure.phase];
    if (engine === undefined) return [];
    const ours: FigureKey = { ...figure, compiler: OUR_COMPILER, engine };
    if (keyText(ours) === keyText(figure)) return [];
    return [
      [
        titleOf(run, figure.model),
        PHASE_TITLES[figure.phase],
        figure.compiler,
        figure.engine,
        formatTime(figure.time.median),
        ratioText(run, figure, ours, 'milliseconds'),
        ratioText(run, figure, ours, 'cpuMilliseconds'),
      ],
    ];
  });
  return {
    title: 'Side by side with zkinfer',
    table: tableOf(
      ['model', 'phase', 'compiler', 'engine'],
      ['median', 'zkinfer is faster by', 'in CPU time by'],
      rows,
    ),
    notes: [
      'A ratio is taken in each round, in which both ran one after the other: their median, in brackets the least and the largest. Below 1, zkinfer is slower.',
      'circomlib-ml proves another statement: nothing binds its weights to a model, or commits to the input.',
    ],
  };
}

function costTable(run: StudyRun, figures: readonly Figure[]): ReportTable {
  const { currency, machineHour, gasPriceGwei, coin, source } = run.prices;
  const money = (value: number | null) => (value === null ? NONE : formatMoney(value, currency));
  return {
    title: 'Money per proof',
    table: tableOf(
      ['model', 'compiler', 'prover'],
      ['machine', 'gas, alone', 'gas, batched', 'total, alone', 'total, batched', 'premium'],
      proofCosts(run, figures).map((cost) => [
        titleOf(run, cost.model),
        cost.compiler,
        cost.engine,
        money(cost.machine),
        money(cost.gas),
        money(cost.batchedGas),
        money(cost.gas === null ? null : cost.machine + cost.gas),
        money(cost.batchedGas === null ? null : cost.machine + cost.batchedGas),
        premiumText(cost.premium),
      ]),
    ),
    notes: [
      `At ${formatMoney(machineHour, currency)} a machine-hour, ${gasPriceGwei} gwei of gas and ` +
        `${formatMoney(coin, currency)} a coin (${source}).`,
      'Machine: witness and warm proof, the whole machine paid for as long as they take. Gas: settlement with payment, alone and as a share of the largest batch.',
      'Premium: witness and warm proof against the fastest plain inference on this machine, which may be one of a batch.',
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
