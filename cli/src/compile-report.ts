/** What quantisation did, for people and for `report.json`. */
import type { CircuitSummary, Network, QuantizationReport } from '@zkinfer/circuits';
import type { CanonicalValue } from '@zkinfer/core';
import { formatCount, formatReal, formatShare } from './format-quantity.ts';

import { renderLayers } from './layer-table.ts';
import { renderTable } from './render-table.ts';

const RIGHT = { align: 'right' } as const;

/** The layers, how the outputs keep to the float model's, and what other weight bits would cost. */
export function renderReport(
  network: Network,
  summary: CircuitSummary,
  report: QuantizationReport,
): string {
  const parts = [renderLayers(network, summary, report), renderOutputs(report)];
  if (report.trials.length > 0) parts.push(renderTrials(report));
  return parts.join('\n\n');
}

/** The report as JSON; decibels of an exact layer are null. */
export function reportAsJson(report: QuantizationReport): Record<string, CanonicalValue> {
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    samples: report.samples,
    layers: report.layers.map((layer) => ({ ...layer, sqnr: finite(layer.sqnr) })),
    outputs: report.outputs.map((output) => ({ ...output, sqnr: finite(output.sqnr) })),
    clampedInputs: report.clampedInputs,
    approximateJoins: report.approximateJoins.map((join) => ({ ...join })),
    weightBits: Object.fromEntries(report.weightBits),
    trials: report.trials.map(({ weightBits, ...trial }) => ({
      ...trial,
      weightBits: Object.fromEntries(weightBits),
    })),
    ...(report.targetMet === undefined ? {} : { targetMet: report.targetMet }),
  };
}

function renderOutputs({ outputs, samples, clampedInputs }: QuantizationReport): string {
  const lines = outputs.map(({ name, changed, rmsError }) =>
    changed === undefined
      ? `output ${name}: rms error ${formatReal(rmsError)}`
      : `output ${name}: ${changed} of ${formatCount(samples)} predictions on calibration data changed, rms error ${formatReal(rmsError)}`,
  );
  if (clampedInputs > 0) lines.push(`${formatShare(clampedInputs)} of input elements clamped`);
  return lines.join('\n');
}

/** The search's uniform choices, then the one that was taken. */
function renderTrials({ trials, targetMet }: QuantizationReport): string {
  const rows = trials.map((trial, i) => [
    describeBits([...trial.weightBits.values()]),
    formatCount(trial.rows),
    formatShare(trial.expectedChangedShare),
    formatReal(trial.rmsError),
    i === trials.length - 1 ? '← chosen' : '',
  ]);
  const columns = [
    { heading: 'weight bits' },
    { heading: 'rows', ...RIGHT },
    { heading: 'changed predictions', ...RIGHT },
    { heading: 'rms error', ...RIGHT },
    { heading: '' },
  ];
  const missed =
    targetMet === false ? '\nNo choice reached the share asked for: this is the closest.' : '';
  return `What weight bits cost and keep (changed predictions as expected from the errors):\n\n${renderTable(columns, rows)}${missed}`;
}

function describeBits(bits: readonly number[]): string {
  const [fewest, most] = [Math.min(...bits), Math.max(...bits)];
  return fewest === most ? `${most} everywhere` : bits.join(', ');
}
