import type { CircuitSummary, LayerReport, Network, QuantizationReport } from '@zkinfer/circuits';
import { type CanonicalValue, rangeBits } from '@zkinfer/core';
import { formatCount, formatShape, formatShare } from './format-quantity.ts';
import { renderTable } from './render-table.ts';

/** One tensor of a network with what it costs. */
export interface LayerFacts {
  readonly name: string;
  readonly operator: string;
  readonly shape: readonly number[];
  readonly lo: bigint;
  readonly hi: bigint;
  /** Width of [lo, hi]. */
  readonly bits: number;
  readonly scale: number;
  /** Rows of the blocks that bear its name. */
  readonly rows: number;
}

/** The network's inputs and operators in evaluation order. */
export function layerFacts(network: Network, { blocks }: CircuitSummary): LayerFacts[] {
  const rowsOf = (name: string) =>
    blocks.filter((block) => block.name === name).reduce((sum, { rows }) => sum + rows, 0);
  const operators = new Map<string, string>([
    ...network.inputs.map(({ name }) => [name, 'input'] as const),
    ...network.nodes.map(({ name, operation }) => [name, operation.kind] as const),
  ]);
  return [...operators].map(([name, operator]) => {
    const { shape, lo, hi, scale } = network.tensors.get(name)!;
    return { name, operator, shape, lo, hi, bits: rangeBits(lo, hi), scale, rows: rowsOf(name) };
  });
}

/** Rows that belong to no tensor: salts, commitments, binder. */
export function statementRows(network: Network, { blocks }: CircuitSummary): number {
  return blocks
    .filter(({ name }) => !network.tensors.has(name))
    .reduce((sum, { rows }) => sum + rows, 0);
}

/**
 * The layers as a table, the statement's rows and the sum below.
 * @param report adds what quantisation did to each layer
 */
export function renderLayers(
  network: Network,
  summary: CircuitSummary,
  report?: QuantizationReport,
): string {
  const reports = new Map(report?.layers.map((layer) => [layer.name, layer]));
  const quality = (name: string) =>
    report === undefined ? [] : describeQuality(reports.get(name));
  const layers = layerFacts(network, summary).map((layer) => [
    layer.name,
    layer.operator,
    formatShape(layer.shape),
    `${formatBound(layer.lo)} … ${formatBound(layer.hi)}`,
    `${layer.bits}`,
    ...quality(layer.name),
    formatCount(layer.rows),
  ]);
  const headings = [
    ...['layer', 'operator', 'shape', 'range', 'bits'],
    ...(report === undefined ? [] : ['weights', 'saturated', 'signal/error']),
    'rows',
  ];
  const columns = headings.map((heading, i) => ({
    heading,
    align: i < 3 ? ('left' as const) : ('right' as const),
  }));
  const sum = (label: string, rows: number) => [
    label,
    ...headings.slice(2).map(() => ''),
    formatCount(rows),
  ];
  return renderTable(columns, [
    ...layers,
    sum('(statement)', statementRows(network, summary)),
    sum('all', summary.rows),
  ]);
}

/** The layers for `--json`. */
export function layersAsJson(network: Network, summary: CircuitSummary): CanonicalValue {
  return layerFacts(network, summary).map((layer) => ({ ...layer }));
}

/** Bits of weights, share of elements beyond the clamp, and how far errors lie below the signal. */
function describeQuality(report: LayerReport | undefined): string[] {
  if (report === undefined) return ['', '', ''];
  return [
    report.weightBits === undefined ? '' : `${report.weightBits} bits`,
    report.kind === 'requantize' ? formatShare(report.saturated) : '',
    Number.isFinite(report.sqnr) ? `${report.sqnr.toFixed(1)} dB` : 'exact',
  ];
}

/** Wide bounds to three digits: their width is in the bits column. */
function formatBound(bound: bigint): string {
  const magnitude = bound < 0n ? -bound : bound;
  return magnitude < 1_000_000n ? formatCount(bound) : Number(bound).toExponential(2);
}
