import { rangeBits } from '@zkinfer/core';
import type { Network } from '../graph/network.ts';
import type { ApproximateJoin } from './lower-plan.ts';
import type { NetworkError } from './measure-layers.ts';
import { expectedChangedShare, type PredictionMargins } from './prediction-margins.ts';
import type { PlannedNode, QuantizationPlan } from './quantization-plan.ts';
import type { WeightBitsTrial } from './weight-bits-trial.ts';

/** What quantisation did to one operator's tensor. */
export interface LayerReport {
  /** Node and tensor of the network. */
  readonly name: string;
  /** The model's layer that it serves. */
  readonly layer: string;
  readonly kind: string;
  /** Static range, and the bits of it. */
  readonly lo: bigint;
  readonly hi: bigint;
  readonly bits: number;
  /** The real that one step stands for. */
  readonly scale: number;
  /** Bits of the weights, sign included, where it has some. */
  readonly weightBits?: number;
  /** Share of calibrated elements beyond the clamp of a requantisation. */
  readonly saturated: number;
  /** Root mean square and largest deviation from the float tensor on calibration data, as reals. */
  readonly rmsError: number;
  readonly maxError: number;
  /** 20 · log10(signal / error) of the root mean squares; Infinity if there is no error. */
  readonly sqnr: number;
}

/** How an output keeps to the float model's on calibration data. */
export interface OutputReport {
  readonly name: string;
  readonly rmsError: number;
  readonly sqnr: number;
  /**
   * Samples whose predicted class changed, and their share; absent for outputs that decide nothing.
   */
  readonly changed?: number;
  readonly changedShare?: number;
  /** The share that the errors' size lets expect; finer than counting on few samples. */
  readonly expectedChangedShare?: number;
}

export interface QuantizationReport {
  readonly samples: number;
  readonly layers: readonly LayerReport[];
  readonly outputs: readonly OutputReport[];
  /** Share of input elements clamped into range. */
  readonly clampedInputs: number;
  /** Additions and concatenations whose scales have no exact common one. */
  readonly approximateJoins: readonly ApproximateJoin[];
  readonly activationBits: number;
  /** Weight bits chosen, by node. */
  readonly weightBits: ReadonlyMap<string, number>;
  /**
   * What other weight bits would have cost and kept; the last one is the one chosen. Empty without
   * a search.
   */
  readonly trials: readonly WeightBitsTrial[];
  /** Whether the search met the share of changed predictions asked for; absent without a search. */
  readonly targetMet?: boolean;
}

/** What a report is made of. */
export interface ReportSource {
  readonly network: Network;
  readonly plan: QuantizationPlan;
  readonly error: NetworkError;
  readonly weightBits: ReadonlyMap<string, number>;
  /** Of each output that decides something. */
  readonly margins: readonly (PredictionMargins | undefined)[];
}

/**
 * The reports on a network's tensors, in evaluation order; an argmax has no real values to compare.
 */
export function layerReports({ network, plan, error, weightBits }: ReportSource): LayerReport[] {
  return plan.nodes
    .filter(({ name }) => error.tensors.has(name))
    .map((node) => layerReport(network, node, error, weightBits.get(node.name)));
}

/** The reports on a network's outputs, in its order. */
export function outputReports({ plan, error, margins }: ReportSource): OutputReport[] {
  return plan.outputs.map(({ name }, i) => {
    const { samples, changed, rmsError, rmsSignal, deviation } = error.outputs[i]!;
    const report = { name, rmsError, sqnr: decibels(rmsSignal, rmsError) };
    const margin = margins[i];
    if (margin === undefined) return report;
    return {
      ...report,
      changed,
      changedShare: changed / samples,
      expectedChangedShare: expectedChangedShare(margin, deviation),
    };
  });
}

function layerReport(
  network: Network,
  { name, layer }: PlannedNode,
  error: NetworkError,
  weightBits: number | undefined,
): LayerReport {
  const { kind } = network.nodes.find((node) => node.name === name)!.operation;
  const { lo, hi, scale } = network.tensors.get(name)!;
  const { rmsError, maxError, rmsSignal, saturated } = error.tensors.get(name)!;
  const report = { name, layer, kind, lo, hi, bits: rangeBits(lo, hi), scale };
  const errors = { saturated, rmsError, maxError, sqnr: decibels(rmsSignal, rmsError) };
  return weightBits === undefined ? { ...report, ...errors } : { ...report, weightBits, ...errors };
}

function decibels(signal: number, error: number): number {
  return error === 0 ? Number.POSITIVE_INFINITY : 20 * Math.log10(signal / error);
}
