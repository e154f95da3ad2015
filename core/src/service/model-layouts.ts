/** How a described model's tensors are packed into words: what `pack` and `commitTensors` take. */
import { elementCount } from '../datasets/numeric-array.ts';
import type { PackedLayout } from '../statement/pack.ts';
import type { ModelDescription } from './model-description.ts';

/** The layouts of the input tensors, in their order. */
export function inputLayouts({ inputs }: Pick<ModelDescription, 'inputs'>): PackedLayout[] {
  return inputs.map(({ lo, bits, shape }) => ({ lo, bits, count: elementCount(shape) }));
}

/** The layouts of the output tensors, in their order. */
export function outputLayouts({ outputs }: Pick<ModelDescription, 'outputs'>): PackedLayout[] {
  return outputs.map(({ lo, bits, shape }) => ({
    lo: BigInt(lo),
    bits,
    count: elementCount(shape),
  }));
}
