import type { IntegerArray } from '../graph/integer-array.ts';
import type { LinearMap } from '../graph/linear/linear-map.ts';
import { elementCount } from '../graph/shape.ts';

/**
 * A linear operator straight from its definition, in doubles: for the light operators, and the slow
 * twin of the kernels.
 */
export function evaluateLinear(map: LinearMap, operands: readonly Float64Array[]): Float64Array {
  const output = new Float64Array(elementCount(map.outputShape));
  for (let element = 0; element < output.length; element++) {
    let sum = map.bias(element);
    map.terms(element, (input, index, weight) => {
      sum += weight * operands[input]![index]!;
    });
    output[element] = sum;
  }
  return output;
}

/** The same in 64-bit integers, for accumulators beyond the safe integers. */
export function evaluateWide(map: LinearMap, operands: readonly IntegerArray[]): BigInt64Array {
  const output = new BigInt64Array(elementCount(map.outputShape));
  for (let element = 0; element < output.length; element++) {
    let sum = BigInt(map.bias(element));
    map.terms(element, (input, index, weight) => {
      sum += BigInt(weight) * BigInt(operands[input]![index]!);
    });
    output[element] = sum;
  }
  return output;
}
