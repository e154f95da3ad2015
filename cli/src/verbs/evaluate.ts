import {
  type EvaluationReport,
  evaluateNetwork,
  loadFloatModel,
  loadTensorflow,
  openCompiledModel,
} from '@zkinfer/circuits';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findFloatModel } from '../float-source.ts';
import { formatCount, formatDuration, formatShare } from '../format-quantity.ts';
import { integerOption } from '../option-parsers.ts';
import { readDataset, readLabels } from '../read-dataset.ts';
import { renderFacts, renderTable } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

interface EvaluateCommandOptions {
  readonly inputs: string;
  readonly labels?: string;
  readonly model?: string;
  readonly limit?: number;
}

/** Arguments, options and action of `zkinfer evaluate`. */
export function defineEvaluateVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory')
    .requiredOption(
      '--inputs <file>',
      'samples, .npy or IDX, plain or gzipped; for several inputs name=file,name=file',
    )
    .option('--labels <file>', 'their classes, for accuracies')
    .option('--model <path>', 'the float model, if it has moved since it was compiled')
    .option(
      '--limit <n>',
      'take only the first n samples',
      integerOption(1, Number.MAX_SAFE_INTEGER),
    )
    .addHelpText('after', EXAMPLE)
    .action((dir: string, options: EvaluateCommandOptions) =>
      runVerb((session) => evaluate(session, dir, options)),
    );
}

const EXAMPLE = `
Example:
  npx zkinfer evaluate artifacts/iris-mlp --inputs examples/models/iris-mlp/test.npy \\
                       --labels examples/models/iris-mlp/test-labels.npy`;

async function evaluate(
  { output, progress }: Session,
  dir: string,
  options: EvaluateCommandOptions,
): Promise<ExitCode> {
  const started = Date.now();
  const { network, directory } = await openCompiledModel(dir);
  const source = await findFloatModel(directory, options.model);
  const { count, reals } = await readDataset(options.inputs, network.inputs, options.limit);
  const labels =
    options.labels === undefined ? undefined : await readLabels(options.labels, options.limit);
  progress.stage('running the float model');
  const { tf, backend } = await loadTensorflow();
  const model = await loadFloatModel(tf, source);
  const [floatOutputs] = await model.predict(reals);
  model.dispose();
  const data = { samples: count, inputs: reals, floatOutputs: floatOutputs! };
  const report = evaluateNetwork(network, labels === undefined ? data : { ...data, labels }, {
    progress,
  });
  const took = `in ${formatDuration(Date.now() - started)}, the float model on ${backend}`;
  output.result(`${textOf(report)}\n\n${formatCount(count)} samples ${took}.`, {
    ...report,
    changes: report.changes.map((change) => ({ ...change })),
    backend,
  });
  return EXIT.done;
}

function textOf(report: EvaluationReport): string {
  const { samples, changed, changedShare, floatAccuracy, integerAccuracy } = report;
  const facts: [string, string][] = [
    ['changed predictions', `${changed} of ${formatCount(samples)} (${formatShare(changedShare)})`],
  ];
  if (floatAccuracy !== undefined && integerAccuracy !== undefined) {
    const points = (100 * (integerAccuracy - floatAccuracy)).toFixed(2);
    facts.push(['float accuracy', formatShare(floatAccuracy)]);
    facts.push(['integer accuracy', `${formatShare(integerAccuracy)} (${points} points)`]);
  }
  if (report.clampedSamples > 0) {
    facts.push([
      'clamped samples',
      `${formatCount(report.clampedSamples)}: outside the calibrated range`,
    ]);
  }
  if (report.changes.length === 0) return renderFacts(facts);
  const columns = ['float', 'integer', 'samples'].map((heading) => ({
    heading,
    align: 'right' as const,
  }));
  const rows = report.changes.map(({ from, to, count }) => [`${from}`, `${to}`, `${count}`]);
  return `${renderFacts(facts)}\n\n${renderTable(columns, rows)}`;
}
