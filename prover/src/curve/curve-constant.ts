import { BASE_FIELD_ORDER } from '@zkinfer/core';
import { QUADRATIC_FIELD } from './coordinate-field.ts';
import type { GroupName } from './point-group.ts';

/**
 * b of y² = x³ + b: 3 over F_p, 3/(9 + u) over F_p², both parts (EIP-196, EIP-197).
 */
export const CURVE_CONSTANT: Readonly<Record<GroupName, readonly bigint[]>> = {
  g1: [3n],
  g2: twistConstant(),
};

function twistConstant(): readonly bigint[] {
  const { c0, c1 } = QUADRATIC_FIELD.invert({ c0: 9n, c1: 1n });
  return [(3n * c0) % BASE_FIELD_ORDER, (3n * c1) % BASE_FIELD_ORDER];
}
