import { FIELD_BYTES, InputError, type Witness } from '@zkinfer/core';
import { isCanonicalScalar } from '../formats/canonical-scalar.ts';
import type { LoadedProvingKey } from '../prove/load-proving-key.ts';

/**
 * Whether the witness holds values, and is of the key's circuit by its length. Kernels rely on it:
 * a value that is not below r has more digits than they have room for.
 * @throws InputError PROVER_WITNESS_MISMATCH (another length), PROVER_WITNESS_RANGE (a value not
 *   below r)
 */
export function requireProvableWitness(key: LoadedProvingKey, witness: Witness): void {
  const { wires } = key.file.header;
  if (witness.wires !== wires) {
    throw new InputError({
      code: 'PROVER_WITNESS_MISMATCH',
      what: 'the witness is not one of the circuit that the key is for',
      got: `${witness.wires} wires`,
      expected: `${wires} wires`,
    });
  }
  const { buffer, byteOffset, byteLength } = witness.bytes;
  const view = new DataView(buffer, byteOffset, byteLength);
  for (let wire = 0; wire < wires; wire++) {
    if (isCanonicalScalar(view, wire * FIELD_BYTES)) continue;
    throw new InputError({
      code: 'PROVER_WITNESS_RANGE',
      what: `the value of wire ${wire} is not below the field's order`,
    });
  }
}
