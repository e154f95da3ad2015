import { compileCircuit } from '../compile/compile-circuit.ts';
import { buildNetwork } from '../graph/build-network.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import type { Network } from '../graph/network.ts';
import type { CalibrationRun } from './calibration-run.ts';
import { commuteMaxPooling } from './commute-max-pool.ts';
import { type ApproximateJoin, lowerPlan } from './lower-plan.ts';
import { measureOutputs, type OutputError } from './measure-output.ts';
import { type PredictionMargins, predictionMargins } from './prediction-margins.ts';
import { planQuantization, type QuantizationPlan } from './quantization-plan.ts';
import type { ResolvedOptions } from './quantize-options.ts';
import type { StatisticsOf } from './tensor-statistics.ts';
import type { BitsByNode } from './weight-bits-trial.ts';

/** What a draft is made from; the same for all activation widths. */
export interface DraftSource {
  readonly graph: FloatGraph;
  readonly run: CalibrationRun;
  readonly options: ResolvedOptions;
  readonly statisticsOf: StatisticsOf;
}

/** A network built with some weight bits. */
export interface DraftedNetwork {
  readonly network: Network;
  readonly approximateJoins: readonly ApproximateJoin[];
}

/** What a trial finds. */
export interface DraftTrial {
  readonly rows: number;
  /** Of each output of the plan. */
  readonly outputs: readonly OutputError[];
}

/** Enough for the deviation of the scores; the margins are those of all samples. */
const TRIAL_SAMPLES = 64;

/** A float graph at a given width of activations, the weight bits still open. */
export class NetworkDraft {
  readonly activationBits: number;
  readonly plan: QuantizationPlan;
  /** Of each output; undefined for those that decide nothing. */
  readonly margins: readonly (PredictionMargins | undefined)[];
  readonly #source: DraftSource;
  readonly #trials = new Map<string, DraftTrial>();

  constructor(source: DraftSource, activationBits: number) {
    const { graph, run, options } = source;
    this.#source = source;
    this.activationBits = activationBits;
    this.plan = planQuantization(graph, activationBits, options.output);
    this.margins = this.plan.outputs.map(({ decision, scores }) =>
      decision === undefined
        ? undefined
        : predictionMargins(decision, run.tensors.get(scores)!, run.samples),
    );
  }

  /** Names and layers of the nodes that have weights. */
  get weighted(): readonly { readonly name: string; readonly layer: string }[] {
    return this.plan.nodes.filter(({ step }) => step.kind === 'weighted');
  }

  /** The network with these weight bits. */
  build(weightBits: BitsByNode): DraftedNetwork {
    const { graph, options, statisticsOf } = this.#source;
    const { labels, image } = options;
    const { inputs, nodes, approximateJoins } = lowerPlan(this.plan, {
      activationBits: this.activationBits,
      image,
      statisticsOf,
      weightBitsOf: ({ name }) => weightBits.get(name)!,
    });
    const outputs = this.plan.outputs.map(({ name, tensor, meaning, softmax }) => {
      const output = { name, tensor, meaning, softmax };
      return labels === undefined ? output : { ...output, labels };
    });
    const kept = this.plan.outputs.flatMap(({ tensor, scores }) => [tensor, scores]);
    const ordered = commuteMaxPooling(nodes, kept);
    const network = buildNetwork({ name: graph.name, inputs, nodes: ordered, outputs });
    return { network, approximateJoins };
  }

  /**
   * Builds, counts the circuit's rows, and measures the outputs on some samples; remembers what it
   * found.
   */
  try(weightBits: BitsByNode): DraftTrial {
    const key = this.weighted.map(({ name }) => weightBits.get(name)).join();
    const trial = this.#trials.get(key) ?? this.#measure(weightBits);
    this.#trials.set(key, trial);
    return trial;
  }

  #measure(weightBits: BitsByNode): DraftTrial {
    const { run } = this.#source;
    const { network } = this.build(weightBits);
    const samples = Math.min(run.samples, TRIAL_SAMPLES);
    const outputs = measureOutputs(network, this.plan.outputs, run, samples);
    return { rows: compileCircuit(network).rows, outputs };
  }
}
