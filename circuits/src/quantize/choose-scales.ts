import { tableOutputScale } from './activation-table.ts';
import type { LoweringSettings } from './lower-plan.ts';
import type { PlannedNode, QuantizationPlan, RequantizeStep } from './quantization-plan.ts';
import { accumulatorScale, fanIn } from './quantize-weights.ts';
import { coveringScale, requantizeError } from './requantize-window.ts';
import { type ScaleFamilies, scaleFamilies } from './scale-families.ts';

/** A requantisation as the choice of scales sees it. */
interface Member {
  readonly node: PlannedNode;
  readonly step: RequantizeStep;
}

/** Scales tried below the one that covers all calibrated values, per octave and in octaves. */
const STEPS_PER_OCTAVE = 16;
const OCTAVES = 2;

/**
 * Chooses the scales of requantised tensors from calibration: the mean square error of rounding and
 * clamping, and where a single requantisation sets the scale of its family also that of the
 * weights, whose grid follows from it. Works along the plan: `scales` holds those of all tensors
 * before the one asked for.
 */
export class ScaleChooser {
  readonly #settings: LoweringSettings;
  readonly #scales: ReadonlyMap<string, number>;
  readonly #families: ScaleFamilies;
  readonly #nodes: ReadonlyMap<string, PlannedNode>;
  readonly #members = new Map<string, Member[]>();
  /** The base that a tensor of given scale imposes: inputs, tables. */
  readonly #fixed = new Map<string, () => number>();
  readonly #bases = new Map<string, number>();

  constructor(
    plan: QuantizationPlan,
    settings: LoweringSettings,
    scales: ReadonlyMap<string, number>,
  ) {
    this.#settings = settings;
    this.#scales = scales;
    this.#families = scaleFamilies(plan);
    this.#nodes = new Map(plan.nodes.map((node) => [node.name, node]));
    for (const { name } of plan.inputs) this.#fix(name, () => this.#scales.get(name)!);
    for (const node of plan.nodes) {
      const { step, name } = node;
      if (step.kind === 'table') {
        this.#fix(name, () => tableOutputScale(step.activation, settings.activationBits));
      } else if (step.kind === 'requantize') {
        const family = this.#families.familyOf(name);
        this.#members.set(family, [...(this.#members.get(family) ?? []), { node, step }]);
      }
    }
  }

  /**
   * A scale that the tensor's own should be a power of two times of; undefined if nothing asks for
   * one.
   */
  gridOf(tensor: string): number | undefined {
    const base = this.#baseOf(this.#families.familyOf(tensor));
    return base === undefined ? undefined : base * this.#families.ratioOf(tensor);
  }

  /** The scale wanted for a requantised tensor. */
  scaleOf(name: string): number {
    const node = this.#nodes.get(name)!;
    return this.#bestOnGrid({ node, step: node.step as RequantizeStep }, this.gridOf(name)!).scale;
  }

  #fix(tensor: string, scale: () => number): void {
    const family = this.#families.familyOf(tensor);
    if (this.#fixed.has(family)) return;
    this.#fixed.set(family, () => scale() / this.#families.ratioOf(tensor));
  }

  #baseOf(family: string): number | undefined {
    const known = this.#bases.get(family) ?? this.#chooseBase(family);
    if (known !== undefined) this.#bases.set(family, known);
    return known;
  }

  #chooseBase(family: string): number | undefined {
    const fixed = this.#fixed.get(family);
    if (fixed !== undefined) return fixed();
    const members = this.#members.get(family);
    if (members === undefined) return undefined;
    return members.length === 1 ? this.#baseOfOne(members[0]!) : this.#baseOfSeveral(members);
  }

  /**
   * The scale of a lone requantisation is free: rounding, clamping and the weights' rounding
   * together decide.
   */
  #baseOfOne(member: Member): number {
    const { name } = member.node;
    const layers = this.#weightedBefore(name);
    const ratio = this.#families.ratioOf(name);
    const best = least(this.#candidates(member), (scale) => {
      const noise = layers.map((layer) =>
        this.#weightNoise(layer, (scale / ratio) * this.#families.ratioOf(layer.name)),
      );
      return noise.reduce((sum, term) => sum + term, this.#error(member, scale));
    });
    return best / ratio;
  }

  /**
   * Several requantisations share a mantissa: the one at which the product of their errors is
   * least.
   */
  #baseOfSeveral(members: readonly Member[]): number {
    const [first] = members as [Member];
    const ratio = this.#families.ratioOf(first.node.name);
    const octave = this.#candidates(first).slice(0, STEPS_PER_OCTAVE);
    const bases = octave.map((scale) => scale / ratio);
    return least(bases, (base) =>
      members.reduce((sum, member) => {
        const grid = base * this.#families.ratioOf(member.node.name);
        return sum + Math.log(this.#bestOnGrid(member, grid).error + Number.MIN_VALUE);
      }, 0),
    );
  }

  /** The power of two times a grid at which a member's error is least. */
  #bestOnGrid(member: Member, grid: number): { scale: number; error: number } {
    const covering = this.#covering(member);
    const top = Math.ceil(Math.log2(covering / grid) - 1e-9);
    const scales = Array.from({ length: OCTAVES + 2 }, (_, i) => grid * 2 ** (top - i));
    const scale = least(scales, (candidate) => this.#error(member, candidate));
    return { scale, error: this.#error(member, scale) };
  }

  #candidates(member: Member): number[] {
    const covering = this.#covering(member);
    return Array.from(
      { length: STEPS_PER_OCTAVE * OCTAVES },
      (_, i) => covering * 2 ** (-i / STEPS_PER_OCTAVE),
    );
  }

  #covering({ node, step }: Member): number {
    const covering = coveringScale(step, this.#settings.statisticsOf(node.float));
    return covering > 0 ? covering : 2 ** -step.bits;
  }

  #error({ node, step }: Member, scale: number): number {
    return requantizeError(step, this.#settings.statisticsOf(node.float), scale);
  }

  /**
   * Variance that rounding the weights adds to a layer's sums: each of its products has an error of
   * variance s_w²/12 · E[x²]. 0 where the scale of its input is not known yet.
   */
  #weightNoise(layer: PlannedNode, grid: number): number {
    const inputScale = this.#scales.get(layer.inputs[0]!);
    if (layer.step.kind !== 'weighted' || inputScale === undefined) return 0;
    const { operation } = layer.step;
    const bits = this.#settings.weightBitsOf(layer);
    const step = accumulatorScale(operation, inputScale, bits, grid) / inputScale;
    const input = this.#nodes.get(layer.inputs[0]!)?.float ?? layer.inputs[0]!;
    return (step ** 2 / 12) * fanIn(operation) * this.#settings.statisticsOf(input).meanSquare;
  }

  /** Layers whose sums reach a node without passing a requantisation. */
  #weightedBefore(name: string): PlannedNode[] {
    const found = new Set<PlannedNode>();
    const visit = (tensor: string): void => {
      const node = this.#nodes.get(tensor);
      if (node === undefined || found.has(node)) return;
      if (node.step.kind === 'weighted') found.add(node);
      else if (node.step.kind === 'carry' || node.step.kind === 'leakyRelu')
        node.inputs.forEach(visit);
    };
    this.#nodes.get(name)!.inputs.forEach(visit);
    return [...found];
  }
}

/** The first item of least cost. */
function least(items: readonly number[], cost: (item: number) => number): number {
  let [best, lowest] = [items[0]!, Number.POSITIVE_INFINITY];
  for (const item of items) {
    const value = cost(item);
    if (value < lowest) [best, lowest] = [item, value];
  }
  return best;
}
