import { compileCircuit } from '../compile/compile-circuit.ts';
import { buildNetwork } from '../graph/build-network.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import type { Network } from '../graph/network.ts';
import { type CalibrationRun, checkCalibration } from './calibration-run.ts';
import { type LoweredPlan, lowerPlan } from './lower-plan.ts';
import { measureLayers } from './measure-layers.ts';
import { measureOutputs } from './measure-output.ts';
import { predictionMargins } from './prediction-margins.ts';
import { type PlannedNode, planQuantization, type QuantizationPlan } from './quantization-plan.ts';
import { layerReports, outputReports, type QuantizationReport } from './quantization-report.ts';
import {
  DEFAULT_WEIGHT_BITS,
  type QuantizeOptions,
  type ResolvedOptions,
  resolveOptions,
} from './quantize-options.ts';
import { type BitsByNode, type SearchResult, searchWeightBits } from './search-weight-bits.ts';
import { type StatisticsOf, statisticsOf } from './tensor-statistics.ts';

export interface QuantizationResult {
  readonly network: Network;
  readonly report: QuantizationReport;
}

/** Enough for the deviation of the scores; the margins are those of all samples. */
const SEARCH_SAMPLES = 128;

/**
 * Turns a float graph into an integer network: scales from calibration, weights and biases rounded, requantisations where
 * sums must become few bits again. Deterministic: the same arguments give the same network.
 *
 * @throws InputError CIRCUITS_QUANTIZE_OPTION, CIRCUITS_CALIBRATION_*, CIRCUITS_WEIGHTS_NOT_FINITE, CIRCUITS_SOFTMAX_NOT_LAST,
 * CIRCUITS_SOFTMAX_OUTPUT, CIRCUITS_ARGMAX_OF_ONE, CIRCUITS_ACCUMULATOR_TOO_WIDE.
 */
export function quantizeGraph(
  graph: FloatGraph,
  run: CalibrationRun,
  options: QuantizeOptions = {},
): QuantizationResult {
  return new Quantizer(graph, run, resolveOptions(options)).run();
}

class Quantizer {
  readonly #graph: FloatGraph;
  readonly #run: CalibrationRun;
  readonly #options: ResolvedOptions;
  readonly #plan: QuantizationPlan;
  readonly #statistics: StatisticsOf;

  constructor(graph: FloatGraph, run: CalibrationRun, options: ResolvedOptions) {
    checkCalibration(graph, run);
    this.#graph = graph;
    this.#run = run;
    this.#options = options;
    this.#plan = planQuantization(graph, options.activationBits, options.output);
    this.#statistics = statisticsOf(run);
  }

  run(): QuantizationResult {
    const { weightBits } = this.#options;
    const search = weightBits === 'auto' ? this.#search() : undefined;
    const bits = search?.weightBits ?? this.#givenBits();
    const { network, lowered } = this.#build(bits);
    return { network, report: this.#report(network, lowered, bits, search) };
  }

  #build(bits: BitsByNode): { network: Network; lowered: LoweredPlan } {
    const { activationBits, image, labels } = this.#options;
    const lowered = lowerPlan(this.#plan, {
      activationBits,
      image,
      statisticsOf: this.#statistics,
      weightBitsOf: ({ name }) => bits.get(name)!,
    });
    const outputs = this.#plan.outputs.map(({ name, tensor, meaning, softmax }) => {
      const output = { name, tensor, meaning, softmax };
      return labels === undefined ? output : { ...output, labels };
    });
    const { inputs, nodes } = lowered;
    return { network: buildNetwork({ name: this.#graph.name, inputs, nodes, outputs }), lowered };
  }

  #givenBits(): BitsByNode {
    const { weightBits } = this.#options;
    const bitsOf = ({ name, layer }: PlannedNode): number => {
      if (typeof weightBits === 'number') return weightBits;
      if (weightBits === 'auto') return DEFAULT_WEIGHT_BITS;
      return weightBits.get(name) ?? weightBits.get(layer) ?? DEFAULT_WEIGHT_BITS;
    };
    return new Map(this.#weighted().map((node) => [node.name, bitsOf(node)]));
  }

  #weighted(): PlannedNode[] {
    return this.#plan.nodes.filter(({ step }) => step.kind === 'weighted');
  }

  #search(): SearchResult {
    const { progress, changedShare } = this.#options;
    progress.stage('choosing weight bits');
    const samples = Math.min(this.#run.samples, SEARCH_SAMPLES);
    return searchWeightBits({
      nodes: this.#weighted().map(({ name }) => name),
      tryBits: (bits) => {
        const { network } = this.#build(bits);
        const outputs = measureOutputs(network, this.#plan.outputs, this.#run, samples);
        return { rows: compileCircuit(network).rows, outputs };
      },
      margins: this.#margins(),
      changedShare,
      advance: (tries) => progress.advance(tries),
    });
  }

  #margins() {
    return this.#plan.outputs.map(({ decision, scores }) =>
      decision === undefined
        ? undefined
        : predictionMargins(decision, this.#run.tensors.get(scores)!, this.#run.samples),
    );
  }

  #report(
    network: Network,
    { approximateJoins }: LoweredPlan,
    weightBits: BitsByNode,
    search: SearchResult | undefined,
  ): QuantizationReport {
    const { progress } = this.#options;
    progress.stage('measuring errors', this.#run.samples);
    const error = measureLayers(network, this.#plan, this.#run, (done) => progress.advance(done));
    const source = { network, plan: this.#plan, error, weightBits, margins: this.#margins() };
    const report = {
      samples: this.#run.samples,
      layers: layerReports(source),
      outputs: outputReports(source),
      clampedInputs: error.clampedInputs,
      approximateJoins,
      weightBits,
      trials: search?.trials ?? [],
    };
    return search === undefined ? report : { ...report, targetMet: search.targetMet };
  }
}
