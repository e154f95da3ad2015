/** The tables of a report, from a run's raw data. */
import { threeDigits } from '../format-measure.ts';
import type { Table } from '../render-markdown.ts';
import { type Figure, type FigureKey, figuresOf, findFigure, pairRatio } from '../study/figures.ts';
import { type ProofCost, proofCosts } from '../study/proof-cost.ts';
import type { Phase, StudyCircuit, StudyRun } from '../study/study-run.ts';
import type { Summary } from '../summarize.ts';
import { formatBytes, formatCount, formatMoney, formatTime } from './format-figure.ts';
import { PUBLISHED_FIGURES } from './published-figures.ts';

/** A table with what stands above and below it. */
export interface ReportTable {
  readonly title: string;
  readonly table: Table;
  readonly notes: readonly string[];
}

/** The engine that ratios are about. */
export const OUR_ENGINE = 'wasm';

/** The compiler that ratios are about. */
export const OUR_COMPILER = 'zkinfer';

const NONE = '–';

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
      cost?.premium == null ? NONE : `${threeDigits(cost.premium)} ×`,
    ];
  });
  return {
    title: 'A proof of each model',
    table: table(
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
      'Premium: witness and proof against the plain inference on the same machine.',
    ],
  };
}

function circuitTable(run: StudyRun): ReportTable {
  return {
    title: 'Circuits',
    table: table(
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
    table: table(
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
    table: table(
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
    table: table(
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
    table: table(
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
    table: table(
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

/** Figures of others: on its own, never beside ours. */
export function publishedTable(): ReportTable {
  const orNone = (value: number | null, format: (value: number) => string) =>
    value === null ? NONE : format(value);
  return {
    title: 'Published by others, not measured here',
    table: {
      columns: [
        ...['model', 'system'].map((title) => ({ title, align: 'left' }) as const),
        ...['constraints', 'setup', 'proof', 'memory', 'proof size'].map(
          (title) => ({ title, align: 'right' }) as const,
        ),
        ...['hardware', 'source'].map((title) => ({ title, align: 'left' }) as const),
      ],
      rows: PUBLISHED_FIGURES.map((figure) => [
        figure.model,
        figure.system,
        orNone(figure.constraints, formatCount),
        orNone(figure.setupSeconds, (seconds) => formatTime(seconds * 1000)),
        formatTime(figure.proveSeconds * 1000),
        orNone(figure.memoryGb, (gigabytes) => `${gigabytes} GB`),
        orNone(figure.proofKb, (kilobytes) => `${kilobytes} kB`),
        figure.hardware ?? 'not stated',
        figure.source,
      ]),
    },
    notes: [
      'Other machines, other quantisation and other statements: for orientation, not for ratios.',
    ],
  };
}

function ourCircuits({ circuits }: StudyRun): StudyCircuit[] {
  return circuits.filter(({ compiler }) => compiler === OUR_COMPILER);
}

function modelOf({ models }: StudyRun, name: string) {
  return models.find((model) => model.name === name)!;
}

/** Of an interrupted run, a model may have samples and no description yet. */
function titleOf({ models }: StudyRun, name: string): string {
  return models.find((model) => model.name === name)?.title ?? name;
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

function ratioText(
  run: StudyRun,
  other: FigureKey,
  ours: FigureKey,
  measure: 'milliseconds' | 'cpuMilliseconds',
): string {
  const ratio = pairRatio(run, other, ours, measure);
  if (ratio === undefined) return NONE;
  return `${threeDigits(ratio.ratio)} × (${threeDigits(ratio.min)} – ${threeDigits(ratio.max)})`;
}

function timeText(time: Summary | undefined): string {
  return time === undefined ? NONE : formatTime(time.median);
}

function peakText(figure: Figure | undefined): string {
  return figure?.peakBytes == null ? NONE : formatBytes(figure.peakBytes);
}

function table(
  names: readonly string[],
  numbers: readonly string[],
  rows: readonly (readonly string[])[],
): Table {
  const columns = [
    ...names.map((title) => ({ title, align: 'left' }) as const),
    ...numbers.map((title) => ({ title, align: 'right' }) as const),
  ];
  return { columns, rows };
}
