/**
 * Lagrange polynomials of the domains of 2^k roots of unity, evaluated at a point outside the
 * domain.
 */
import { invertAll, power, reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { rootOfUnity } from '../curve/root-of-unity.ts';

const R = SCALAR_FIELD_ORDER;

/**
 * L_i(x) = ω^i · (x^n − 1) / (n · (x − ω^i)) for i in [0, n), n = 2^log2Size; x outside the domain.
 */
export function lagrangeAt(x: bigint, log2Size: number): bigint[] {
  return evaluate(x, log2Size, 1n, rootOfUnity(log2Size), 2 ** log2Size);
}

/**
 * L_{2i+1}(x) for i in [0, n), of the domain of 2n = 2^(log2Size+1) points: the basis of snarkjs's
 * H section, where A·B − C is interpolated from the odd points alone because it vanishes on the
 * even ones.
 */
export function oddLagrangeAt(x: bigint, log2Size: number): bigint[] {
  const root = rootOfUnity(log2Size + 1);
  return evaluate(x, log2Size + 1, root, (root * root) % R, 2 ** log2Size);
}

function evaluate(
  x: bigint,
  domainLog2Size: number,
  first: bigint,
  step: bigint,
  count: number,
): bigint[] {
  const points = new Array<bigint>(count);
  const differences = new Array<bigint>(count);
  let point = first;
  for (let i = 0; i < count; i++) {
    points[i] = point;
    differences[i] = reduce(x - point);
    point = (point * step) % R;
  }
  const size = 2n ** BigInt(domainLog2Size);
  const vanishing = reduce(power(x, size) - 1n);
  const factor = (vanishing * power(size, R - 2n)) % R;
  const inverses = invertAll(differences);
  return points.map((value, i) => (((value * factor) % R) * inverses[i]!) % R);
}
