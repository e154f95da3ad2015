import type { LinearOperator, NetworkOperation } from '../network.ts';
import { addMap } from './add-map.ts';
import { affineMap } from './affine-map.ts';
import { averagePool2dMap } from './average-pool2d-map.ts';
import { concatMap } from './concat-map.ts';
import { conv2dMap } from './conv2d-map.ts';
import { denseMap } from './dense-map.ts';
import type { LinearMap } from './linear-map.ts';
import { pad2dMap, reshapeMap, transposeMap } from './rearrangement-maps.ts';

const NONLINEAR_KINDS: ReadonlySet<NetworkOperation['kind']> = new Set([
  'requantize',
  'maxPool2d',
  'leakyRelu',
  'table',
  'argmax',
] as const);

/** Whether an operator is Σ w·x + b of its inputs. */
export function isLinear(operation: NetworkOperation): operation is LinearOperator {
  return !NONLINEAR_KINDS.has(operation.kind);
}

/** The linear map of an operator on inputs of the given shapes. */
export function linearMapOf(
  operation: LinearOperator,
  inputShapes: readonly (readonly number[])[],
): LinearMap {
  switch (operation.kind) {
    case 'dense':
      return denseMap(operation);
    case 'conv2d':
      return conv2dMap(operation, inputShapes);
    case 'affine':
      return affineMap(operation, inputShapes);
    case 'averagePool2d':
      return averagePool2dMap(operation, inputShapes);
    case 'add':
      return addMap(operation, inputShapes);
    case 'concat':
      return concatMap(operation, inputShapes);
    case 'reshape':
      return reshapeMap(operation.shape);
    case 'transpose':
      return transposeMap(operation, inputShapes);
    case 'pad2d':
      return pad2dMap(operation, inputShapes);
  }
}
