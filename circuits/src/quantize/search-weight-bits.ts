import type { OutputError } from './measure-output.ts';
import { expectedChangedShare, type PredictionMargins } from './prediction-margins.ts';
import { MAX_BITS } from './quantize-options.ts';
import type { BitsByNode, WeightBitsTrial } from './weight-bits-trial.ts';

/** What a search tries: quantises with given bits, counts rows, measures. */
export type TryBits = (bits: BitsByNode) => { rows: number; outputs: readonly OutputError[] };

export interface SearchTask {
  /** Names of the weighted nodes. */
  readonly nodes: readonly string[];
  readonly tryBits: TryBits;
  /** Of each output; undefined for those that decide nothing. */
  readonly margins: readonly (PredictionMargins | undefined)[];
  /** Largest expected share of changed predictions. */
  readonly changedShare: number;
}

export interface SearchResult {
  readonly weightBits: BitsByNode;
  /** Uniform choices first, then the one chosen. */
  readonly trials: readonly WeightBitsTrial[];
  readonly targetMet: boolean;
}

/** The uniform choices that the trade-off lists. */
const UNIFORM_BITS = [4, 6, 8, 10] as const;
/** Weights so fine that what error is left comes from the activations. */
export const REFERENCE_BITS = 12;
/** Weights so coarse that their error stands out; where each layer's sensitivity is measured. */
const PROBE_BITS = 5;
const FEWEST_BITS = 3;
/** Calibration data is mostly what the model was trained on, where it is surer than elsewhere. */
export const SEARCH_SAFETY = 0.5;
/**
 * Outputs without classes are to have at most this much more error variance than the activations
 * alone give.
 */
const PLAIN_VARIANCE_FACTOR = 1.25;
/** Once the target is met, bits that lower the error variance by less are not worth their rows. */
const WORTHWHILE = 0.05;
/**
 * Where activations alone miss the target, weights are to add no more than this to their error
 * variance.
 */
const NEAR_FLOOR = 1.1;
const MAX_REPAIRS = 4;
/**
 * Rows that a bit is deemed to cost even where no activation follows: outputs get wider, and take
 * more words to hash.
 */
const COST_OF_A_BIT = 64;

/**
 * The fewest weight bits, layer by layer, that keep the share of changed predictions below what is
 * asked for.
 *
 * Error variances add up over layers, and a layer's falls by 4 for each bit. So one trial with
 * coarse weights in a single layer tells its share at any width, and what a bit costs there: about
 * a row for each of its activations. The search then adds bits where they lower the variance most
 * for their rows. When the target is met, rows left below the next power of two (proving cost steps
 * up there) go the same way, as long as they help.
 */
export function searchWeightBits(task: SearchTask): SearchResult {
  return new Search(task).run();
}

/** The same bits for all nodes. */
export function uniformBits(nodes: readonly string[], bits: number): Map<string, number> {
  return new Map(nodes.map((node) => [node, bits]));
}

/** How a layer's weights bear on an output's error, and on the circuit. */
interface Sensitivity {
  /** Error variance of each output from this layer at PROBE_BITS. */
  readonly variances: readonly number[];
  readonly rowsPerBit: number;
}

class Search {
  readonly #task: SearchTask;
  readonly #layers = new Map<string, Sensitivity>();
  /** Error variance of each output that weights are not to blame for. */
  #floor: readonly number[] = [];
  #referenceRows = 0;

  constructor(task: SearchTask) {
    this.#task = task;
  }

  run(): SearchResult {
    const trials = UNIFORM_BITS.map((bits) => this.#try(this.#uniform(bits)).trial);
    trials.push(this.#measureSensitivities());
    let bits: BitsByNode = this.#uniform(FEWEST_BITS);
    while (!this.#suffices(this.#variancesAt(bits))) {
      const next = this.#bestUpgrade(bits);
      if (next === undefined) break;
      bits = next;
    }
    bits = this.#spendDomain(bits);
    let found = this.#try(bits);
    for (let i = 0; i < MAX_REPAIRS && !this.#suffices(found.variances); i++) {
      const next = this.#bestUpgrade(bits);
      if (next === undefined) break;
      bits = next;
      found = this.#try(bits);
    }
    trials.push(found.trial);
    return { weightBits: bits, trials, targetMet: this.#meets(found.variances) };
  }

  #uniform(bits: number): Map<string, number> {
    return uniformBits(this.#task.nodes, bits);
  }

  #try(weightBits: BitsByNode): { trial: WeightBitsTrial; variances: number[] } {
    const { rows, outputs } = this.#task.tryBits(weightBits);
    const variances = outputs.map(({ deviation }) => deviation ** 2);
    const shares = outputs.map(({ changed, samples }) => changed / samples);
    const trial = {
      weightBits,
      rows,
      expectedChangedShare: this.#expectedShare(variances),
      changedShare: Math.max(...shares),
      rmsError: Math.max(...outputs.map(({ rmsError }) => rmsError)),
    };
    return { trial, variances };
  }

  /** Tries the reference, which it returns, and each layer at coarse weights. */
  #measureSensitivities(): WeightBitsTrial {
    const reference = this.#try(this.#uniform(REFERENCE_BITS));
    this.#floor = reference.variances;
    this.#referenceRows = reference.trial.rows;
    for (const node of this.#task.nodes) {
      const probe = this.#try(new Map(this.#uniform(REFERENCE_BITS)).set(node, PROBE_BITS));
      this.#layers.set(node, {
        variances: probe.variances.map((variance, i) => Math.max(0, variance - this.#floor[i]!)),
        rowsPerBit: Math.max(
          0,
          (reference.trial.rows - probe.trial.rows) / (REFERENCE_BITS - PROBE_BITS),
        ),
      });
    }
    return reference.trial;
  }

  /** Error variance of each output as the model of the search has it. */
  #variancesAt(bits: BitsByNode): number[] {
    return this.#floor.map((floor, output) => {
      let sum = floor;
      for (const [node, { variances }] of this.#layers) {
        sum += variances[output]! * 4 ** (PROBE_BITS - bits.get(node)!);
      }
      return sum;
    });
  }

  #rowsAt(bits: BitsByNode): number {
    let rows = this.#referenceRows;
    for (const [node, { rowsPerBit }] of this.#layers) {
      rows -= rowsPerBit * (REFERENCE_BITS - bits.get(node)!);
    }
    return rows;
  }

  #expectedShare(variances: readonly number[]): number {
    const shares = variances.map((variance, i) => {
      const margins = this.#task.margins[i];
      return margins === undefined ? 0 : expectedChangedShare(margins, Math.sqrt(variance));
    });
    return Math.max(...shares);
  }

  #meets(variances: readonly number[]): boolean {
    if (this.#expectedShare(variances) > this.#task.changedShare * SEARCH_SAFETY) return false;
    return variances.every(
      (variance, i) =>
        this.#task.margins[i] !== undefined || variance <= this.#floor[i]! * PLAIN_VARIANCE_FACTOR,
    );
  }

  /**
   * Whether the target is met, or so nearly what activations alone allow that more bits would not
   * help.
   */
  #suffices(variances: readonly number[]): boolean {
    if (this.#meets(variances)) return true;
    return variances.every((variance, i) => variance <= this.#floor[i]! * NEAR_FLOOR);
  }

  /** One more bit where it lowers the error most for its rows; undefined if none is allowed. */
  #bestUpgrade(
    bits: BitsByNode,
    { leastGain = 0, maxRows = Number.POSITIVE_INFINITY } = {},
  ): BitsByNode | undefined {
    const before = this.#variancesAt(bits);
    let best: { bits: BitsByNode; worth: number } | undefined;
    for (const [node, { rowsPerBit }] of this.#layers) {
      if (bits.get(node)! >= MAX_BITS) continue;
      const upgraded = new Map(bits).set(node, bits.get(node)! + 1);
      const after = this.#variancesAt(upgraded);
      const gain = Math.max(...before.map((variance, i) => 1 - after[i]! / variance));
      if (!(gain > leastGain) || this.#rowsAt(upgraded) > maxRows) continue;
      const worth = gain / (rowsPerBit + COST_OF_A_BIT);
      if (best === undefined || worth > best.worth) best = { bits: upgraded, worth };
    }
    return best?.bits;
  }

  #spendDomain(minimal: BitsByNode): BitsByNode {
    // Public signals and the constant take four rows of the domain; the model of rows is good to a percent.
    const domain = 2 ** Math.ceil(Math.log2(this.#rowsAt(minimal) + 4));
    const maxRows = Math.max(domain * 0.99 - 4, this.#rowsAt(minimal));
    let bits = minimal;
    for (;;) {
      const next = this.#bestUpgrade(bits, { leastGain: WORTHWHILE, maxRows });
      if (next === undefined) return bits;
      bits = next;
    }
  }
}
