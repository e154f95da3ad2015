import { formatError } from '@zkinfer/core';
import { isCanonicalScalar } from '../formats/canonical-scalar.ts';
import {
  COEFFICIENT_BYTES,
  type ProvingKeyFile,
  ZKEY,
  ZKEY_SECTION,
} from '../formats/zkey-file.ts';

/**
 * Checks that every coefficient of a key is of matrix A or B (0 or 1), of a row in the domain and a wire that exists, and below
 * r: engines use them as addresses.
 * @throws InputError CORE_FORMAT_VALUE
 */
export function checkCoefficients({ header, container, coefficientCount }: ProvingKeyFile): void {
  const { wires, domainSize } = header;
  const section = container.section(ZKEY_SECTION.coefficients, 'coefficients');
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  for (let i = 0; i < coefficientCount; i++) {
    const at = 4 + i * COEFFICIENT_BYTES;
    if (view.getUint32(at, true) > 1) throw badCoefficient(i, 'of another matrix than A and B');
    if (view.getUint32(at + 4, true) >= domainSize) throw badCoefficient(i, 'outside the domain');
    if (view.getUint32(at + 8, true) >= wires) throw badCoefficient(i, 'of a wire that is not');
    if (!isCanonicalScalar(view, at + 12)) throw badCoefficient(i, 'not below r');
  }
}

function badCoefficient(number: number, what: string) {
  return formatError('VALUE', ZKEY.name, `coefficient ${number} is ${what}`);
}
