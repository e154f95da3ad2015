import type { FloatGraph } from '../graph/float-graph.ts';
import type { Network } from '../graph/network.ts';
import { type CalibrationRun, checkCalibration } from './calibration-run.ts';
import { measureLayers } from './measure-layers.ts';
import { type DraftSource, NetworkDraft } from './network-draft.ts';
import { layerReports, outputReports, type QuantizationReport } from './quantization-report.ts';
import {
  DEFAULT_ACTIVATION_BITS,
  DEFAULT_WEIGHT_BITS,
  type QuantizeOptions,
  type ResolvedOptions,
  resolveOptions,
} from './quantize-options.ts';
import { searchActivationBits } from './search-activation-bits.ts';
import { type SearchResult, searchWeightBits } from './search-weight-bits.ts';
import { statisticsOf } from './tensor-statistics.ts';
import type { BitsByNode } from './weight-bits-trial.ts';

export interface QuantizationResult {
  readonly network: Network;
  readonly report: QuantizationReport;
}

/**
 * Turns a float graph into an integer network: scales from calibration, weights and biases rounded,
 * requantisations where sums must become few bits again. Deterministic: the same arguments give the
 * same network.
 *
 * @throws InputError CIRCUITS_QUANTIZE_OPTION, CIRCUITS_CALIBRATION_*, CIRCUITS_WEIGHTS_NOT_FINITE,
 * CIRCUITS_SOFTMAX_NOT_LAST, CIRCUITS_SOFTMAX_OUTPUT, CIRCUITS_ARGMAX_OF_ONE,
 * CIRCUITS_ACCUMULATOR_TOO_WIDE.
 */
export function quantizeGraph(
  graph: FloatGraph,
  run: CalibrationRun,
  options: QuantizeOptions = {},
): QuantizationResult {
  const resolved = resolveOptions(options);
  checkCalibration(graph, run);
  const source = { graph, run, options: resolved, statisticsOf: statisticsOf(run) };
  const { activationBits, weightBits } = resolved;
  if (weightBits !== 'auto') {
    const given = activationBits === 'auto' ? DEFAULT_ACTIVATION_BITS : activationBits;
    const draft = new NetworkDraft(source, given);
    return finished(source, draft, givenBits(draft, weightBits), undefined);
  }
  const { progress, changedShare } = resolved;
  progress.stage('choosing bits');
  let tries = 0;
  const tryBits = (draft: NetworkDraft) => (bits: BitsByNode) => {
    progress.advance(++tries);
    return draft.try(bits);
  };
  const draftOf = (bits: number) => new NetworkDraft(source, bits);
  const draft =
    activationBits === 'auto'
      ? searchActivationBits(draftOf, tryBits, changedShare)
      : draftOf(activationBits);
  const nodes = draft.weighted.map(({ name }) => name);
  const { margins } = draft;
  const search = searchWeightBits({ nodes, margins, changedShare, tryBits: tryBits(draft) });
  return finished(source, draft, search.weightBits, search);
}

function givenBits(
  draft: NetworkDraft,
  weightBits: Exclude<ResolvedOptions['weightBits'], 'auto'>,
): BitsByNode {
  const bitsOf = (name: string, layer: string): number =>
    typeof weightBits === 'number'
      ? weightBits
      : (weightBits.get(name) ?? weightBits.get(layer) ?? DEFAULT_WEIGHT_BITS);
  return new Map(draft.weighted.map(({ name, layer }) => [name, bitsOf(name, layer)]));
}

/** Builds with the bits chosen and measures every tensor on all samples. */
function finished(
  { run, options }: DraftSource,
  draft: NetworkDraft,
  weightBits: BitsByNode,
  search: SearchResult | undefined,
): QuantizationResult {
  const { progress } = options;
  const { plan, margins, activationBits } = draft;
  const { network, approximateJoins } = draft.build(weightBits);
  progress.stage('measuring errors', run.samples);
  const error = measureLayers(network, plan, run, (done) => progress.advance(done));
  const source = { network, plan, error, weightBits, margins };
  const report = {
    samples: run.samples,
    layers: layerReports(source),
    outputs: outputReports(source),
    clampedInputs: error.clampedInputs,
    approximateJoins,
    activationBits,
    weightBits,
    trials: search?.trials ?? [],
  };
  return {
    network,
    report: search === undefined ? report : { ...report, targetMet: search.targetMet },
  };
}
