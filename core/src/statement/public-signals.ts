/** A proof's public signals in snarkjs's order: outputs, then public inputs. */
import { InputError } from '../errors.ts';
import { requireFieldElement } from '../field-element.ts';

/** Each in [0, r). */
export interface PublicSignals {
  /** Commitment to the output under the derived salt. */
  readonly outputHash: bigint;
  /** Commitment to the input under the requester's salt. */
  readonly inputHash: bigint;
  /** What the proof is bound to: see `binder`. */
  readonly binder: bigint;
}

const NAMES = ['outputHash', 'inputHash', 'binder'] as const;

/**
 * The signals by name.
 * @throws InputError CORE_PUBLIC_SIGNALS for another number of them, CORE_FIELD_ELEMENT_RANGE
 */
export function publicSignalsOf(list: readonly bigint[]): PublicSignals {
  if (list.length !== NAMES.length) {
    throw new InputError({
      code: 'CORE_PUBLIC_SIGNALS',
      what: 'these are not the public signals of an inference',
      got: `${list.length} signals`,
      expected: `${NAMES.length}: ${NAMES.join(', ')}`,
    });
  }
  const [outputHash, inputHash, binder] = list.map((signal, i) =>
    requireFieldElement(signal, NAMES[i]!),
  );
  return { outputHash: outputHash!, inputHash: inputHash!, binder: binder! };
}
