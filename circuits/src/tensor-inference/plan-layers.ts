import { isWide } from '../graph/integer-array.ts';
import type {
  Conv2dOperator,
  DenseOperator,
  Network,
  NetworkNode,
  NetworkOperation,
} from '../graph/network.ts';
import { overallRange, type RangedTensor } from '../graph/ranges.ts';
import { elementCount } from '../graph/shape.ts';
import { prepareNetwork } from '../interpret/prepare-network.ts';
import { type SplitWeights, splitWeights } from './split-weights.ts';

/**
 * Which operators of a network run on tensors: dense layers and convolutions with many products
 * whose sums are exact in 32-bit floats. All others touch each element a few times at most, which
 * the interpreter does in less time than it takes to move them to a backend and back.
 */

/**
 * Fewer products than this, and moving operand and result costs more than it saves: the WASM
 * backend takes 0.1 to 0.3 ms for a layer however small, the interpreter some 1 ns a product.
 */
export const DEFAULT_MIN_PRODUCTS = 2 ** 16;

/** What runs one operator, for people to read. */
export interface LayerPlan {
  readonly node: string;
  readonly kind: NetworkOperation['kind'];
  readonly runsOn: 'tensors' | 'interpreter';
  /** Why so. */
  readonly reason: string;
}

/** An operator that multiplies by constant weights, each many times. */
export type HeavyOperator = DenseOperator | Conv2dOperator;

/** A layer that runs on tensors. */
export interface PlannedLayer {
  /** Index among the network's nodes. */
  readonly index: number;
  readonly operation: HeavyOperator;
  readonly operand: RangedTensor;
  /** Products of weights and operand elements in one inference. */
  readonly products: number;
  readonly weights: SplitWeights;
}

/** A plan for a whole network. */
export interface InferencePlan {
  /** One entry for each node, in order. */
  readonly report: readonly LayerPlan[];
  readonly layers: readonly PlannedLayer[];
}

/** @param minProducts layers with fewer products stay with the interpreter */
export function planLayers(network: Network, minProducts = DEFAULT_MIN_PRODUCTS): InferencePlan {
  const { tensors } = prepareNetwork(network);
  const layers: PlannedLayer[] = [];
  const report = network.nodes.map((node, index): LayerPlan => {
    const planned = planNode(node, index, tensors, minProducts);
    const about = { node: node.name, kind: node.operation.kind };
    if (typeof planned === 'string') return { ...about, runsOn: 'interpreter', reason: planned };
    layers.push(planned);
    const { count } = planned.weights;
    const digits = count === 1 ? 'whole weights' : `weights in ${count} digits`;
    return { ...about, runsOn: 'tensors', reason: `${planned.products} products, ${digits}` };
  });
  return { report, layers };
}

/** The output channels of a layer. */
export function outputChannelsOf(operation: HeavyOperator): number {
  return operation.kind === 'dense' ? operation.units : operation.outputChannels;
}

function planNode(
  { name, operation, inputs }: NetworkNode,
  index: number,
  tensors: ReadonlyMap<string, RangedTensor>,
  minProducts: number,
): PlannedLayer | string {
  if (operation.kind !== 'dense' && operation.kind !== 'conv2d') return 'no weights to multiply by';
  const [operand, output] = [tensors.get(inputs[0]!)!, tensors.get(name)!];
  const products = productsOf(operation, output);
  if (products < minProducts) return `${products} products, fewer than ${minProducts}`;
  if (isStridedAndDilated(operation)) return 'TensorFlow.js has no dilation together with strides';
  if (isWide(operand.ranges.lo) || isWide(output.ranges.lo)) return 'integers beyond doubles';
  const { lo, hi } = overallRange(operand.ranges);
  const magnitude = Math.max(Math.abs(Number(lo)), Math.abs(Number(hi)));
  const weights = splitWeights(weightsOf(operation), outputChannelsOf(operation), magnitude);
  if (weights === undefined) return 'sums beyond the integers of 32-bit floats';
  return { index, operation, operand, products, weights };
}

function productsOf(operation: HeavyOperator, { shape }: RangedTensor): number {
  const places = elementCount(shape) / outputChannelsOf(operation);
  return places * weightsOf(operation).length;
}

function weightsOf(operation: HeavyOperator): Int16Array {
  return operation.kind === 'dense' ? operation.weights : operation.kernel;
}

function isStridedAndDilated(operation: HeavyOperator): boolean {
  if (operation.kind === 'dense') return false;
  return Math.max(...operation.strides) > 1 && Math.max(...operation.dilations) > 1;
}
