/** How outputs are shown and stored: integers, reals, and what they mean for a classifier. */
import type { CanonicalValue, OutputReading } from '@zkinfer/core';
import { formatReal, formatShare } from './format-quantity.ts';
import { renderTable } from './render-table.ts';

/** More elements than this are not listed for people. */
const MOST_LISTED = 20;

/** The outputs for `output.json` and `--json`; integers are decimal strings. */
export function outputsAsJson(readings: readonly OutputReading[]): CanonicalValue {
  return readings.map(({ integers, ...rest }) => ({ ...rest, integers: integers.map(String) }));
}

/** The outputs for people: the predicted class, then the elements. */
export function renderOutputs(readings: readonly OutputReading[]): string {
  return readings.map(renderOutput).join('\n\n');
}

/** `7 (probability 99.98 %)`, or undefined for an output that is no class. */
function describePrediction(reading: OutputReading): string | undefined {
  const { predicted, label, probabilities } = reading;
  if (predicted === undefined) return undefined;
  const probability = probabilities?.[predicted];
  const share = probability === undefined ? '' : ` (probability ${formatShare(probability)})`;
  return `${label ?? `class ${predicted}`}${share}`;
}

function renderOutput(reading: OutputReading): string {
  const prediction = describePrediction(reading);
  const heading = `${reading.name}: ${prediction ?? `${reading.reals.length} elements`}`;
  if (reading.reals.length > MOST_LISTED || reading.reals.length === 1) return heading;
  const { probabilities } = reading;
  const right = { align: 'right' } as const;
  const rows = reading.reals.map((real, i) => [
    reading.labels?.[i] ?? `${i}`,
    `${reading.integers[i]}`,
    formatReal(real),
    ...(probabilities === undefined ? [] : [formatShare(probabilities[i]!)]),
  ]);
  const headings = ['element', 'integer', 'real', ...(probabilities ? ['probability'] : [])];
  return `${heading}\n\n${renderTable(
    headings.map((heading) => ({ heading, ...right })),
    rows,
  )}`;
}
