import { averagingDivisor } from '../graph/linear/average-pool2d-map.ts';
import type { ImagePreprocessing, NetworkInput, NetworkOperation } from '../graph/network.ts';
import { activationTable, tableOutputScale } from './activation-table.ts';
import { ScaleChooser } from './choose-scales.ts';
import { commonScale } from './common-scale.ts';
import type {
  CarryOperation,
  PlannedNode,
  QuantizationPlan,
  RequantizeStep,
  WeightedOperation,
} from './quantization-plan.ts';
import { inputTensor } from './quantize-input-tensor.ts';
import { accumulatorScale, quantizeLayer } from './quantize-weights.ts';
import { rationalSlope } from './rational-slope.ts';
import { requantizeWindow } from './requantize-window.ts';
import { rescalingBetween } from './rescaling.ts';
import type { StatisticsOf } from './tensor-statistics.ts';

/** A planned node with its numbers. */
export interface LoweredNode {
  readonly name: string;
  readonly operation: NetworkOperation;
  readonly inputs: readonly string[];
  readonly scale: number;
}

/** Where an addition or concatenation brings scales together that have no exact common one. */
export interface ApproximateJoin {
  readonly node: string;
  /** Largest relative error of a multiplier. */
  readonly error: number;
}

export interface LoweredPlan {
  readonly inputs: readonly NetworkInput[];
  readonly nodes: readonly LoweredNode[];
  readonly approximateJoins: readonly ApproximateJoin[];
}

/** What lowering depends on beside the plan. */
export interface LoweringSettings {
  readonly activationBits: number;
  readonly image: ImagePreprocessing | undefined;
  readonly statisticsOf: StatisticsOf;
  /** Bits of the weights of a planned weighted node. */
  readonly weightBitsOf: (node: PlannedNode) => number;
}

/** Gives every node of a plan its scale, weights and bounds, in evaluation order. */
export function lowerPlan(plan: QuantizationPlan, settings: LoweringSettings): LoweredPlan {
  return new Lowering(plan, settings).run();
}

interface Numbers {
  readonly operation: NetworkOperation;
  readonly scale: number;
}

class Lowering {
  readonly #plan: QuantizationPlan;
  readonly #settings: LoweringSettings;
  readonly #scales = new Map<string, number>();
  readonly #shapes = new Map<string, readonly number[]>();
  readonly #windows = new Map<string, { lo: number; bits: number }>();
  readonly #approximateJoins: ApproximateJoin[] = [];
  readonly #chooser: ScaleChooser;

  constructor(plan: QuantizationPlan, settings: LoweringSettings) {
    this.#plan = plan;
    this.#settings = settings;
    this.#chooser = new ScaleChooser(plan, settings, this.#scales);
  }

  run(): LoweredPlan {
    const { activationBits, image, statisticsOf } = this.#settings;
    const inputs = this.#plan.inputs.map((input) => {
      const tensor = inputTensor(input, statisticsOf(input.name), activationBits, image);
      this.#scales.set(input.name, tensor.scale);
      this.#shapes.set(input.name, input.shape);
      return tensor;
    });
    const nodes = this.#plan.nodes.map((node) => {
      const { operation, scale } = this.#lower(node);
      this.#scales.set(node.name, scale);
      this.#shapes.set(node.name, node.shape);
      return { name: node.name, operation, inputs: node.inputs, scale };
    });
    return { inputs, nodes, approximateJoins: this.#approximateJoins };
  }

  #lower(node: PlannedNode): Numbers {
    const { step } = node;
    const inputScale = this.#scales.get(node.inputs[0]!)!;
    switch (step.kind) {
      case 'weighted':
        return this.#weighted(node, step.operation, inputScale);
      case 'carry':
        return this.#carried(node, step.operation);
      case 'leakyRelu': {
        const { slope, shift } = rationalSlope(step.slope, this.#settings.activationBits);
        const operation = { kind: 'leakyRelu', slope, shift } as const;
        return { operation, scale: inputScale / 2 ** shift };
      }
      case 'requantize':
        return this.#requantized(node, step, inputScale);
      case 'table': {
        const { activationBits } = this.#settings;
        const input = { scale: inputScale, ...this.#windows.get(node.inputs[0]!)! };
        return {
          operation: activationTable(step.activation, input, activationBits),
          scale: tableOutputScale(step.activation, activationBits),
        };
      }
      case 'argmax':
        return { operation: { kind: 'argmax' }, scale: 1 };
    }
  }

  #weighted(node: PlannedNode, operation: WeightedOperation, inputScale: number): Numbers {
    const bits = this.#settings.weightBitsOf(node);
    const grid = this.#chooser.gridOf(node.name);
    const scale = accumulatorScale(operation, inputScale, bits, grid);
    const layer = quantizeLayer(node.layer, operation, inputScale, scale);
    return { operation: layer.operator, scale };
  }

  #requantized(node: PlannedNode, step: RequantizeStep, inputScale: number): Numbers {
    const { multiplier, shift, scale } = rescalingBetween(
      inputScale,
      this.#chooser.scaleOf(node.name),
    );
    const { lo, hi } = requantizeWindow(step, this.#settings.statisticsOf(node.float), scale);
    this.#windows.set(node.name, { lo, bits: step.bits });
    return { operation: { kind: 'requantize', multipliers: [multiplier], shift, lo, hi }, scale };
  }

  #carried(node: PlannedNode, operation: CarryOperation): Numbers {
    const inputScale = this.#scales.get(node.inputs[0]!)!;
    switch (operation.kind) {
      case 'averagePool2d': {
        const [rows, columns] = this.#shapes.get(node.inputs[0]!)! as [number, number];
        const divisor = averagingDivisor(operation, [rows, columns]);
        return { operation: { ...operation, kind: 'averagePool2d' }, scale: inputScale / divisor };
      }
      case 'maxPool2d':
        return { operation: { ...operation, kind: 'maxPool2d' }, scale: inputScale };
      case 'reshape':
        return { operation: { kind: 'reshape', shape: node.shape }, scale: inputScale };
      case 'pad2d':
        return { operation, scale: inputScale };
      case 'add':
      case 'concat': {
        const common = commonScale(node.inputs.map((input) => this.#scales.get(input)!));
        const { multipliers, scale, error } = common;
        if (error > 1e-9) this.#approximateJoins.push({ node: node.name, error });
        return { operation: { ...operation, multipliers }, scale };
      }
    }
  }
}
