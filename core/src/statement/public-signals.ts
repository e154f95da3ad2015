/**
 * A proof's public signals in snarkjs's order (outputs, then public inputs) and file format
 * (`public.json`).
 */
import { canonicalJson } from '../artifacts/canonical-json.ts';
import { parseJson } from '../artifacts/strict-json.ts';
import { InputError } from '../errors.ts';
import { parseFieldElement, requireFieldElement } from '../field-element.ts';

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

/** [outputHash, inputHash, binder]. @throws InputError CORE_FIELD_ELEMENT_RANGE */
export function publicSignalList(signals: PublicSignals): bigint[] {
  return NAMES.map((name) => requireFieldElement(signals[name], name));
}

/**
 * The signals by name.
 * @throws InputError CORE_PUBLIC_SIGNALS for another number of them, CORE_FIELD_ELEMENT_RANGE
 */
export function publicSignalsOf(list: readonly bigint[]): PublicSignals {
  requireThree(list);
  const [outputHash, inputHash, binder] = list.map((signal, i) =>
    requireFieldElement(signal, NAMES[i]!),
  );
  return { outputHash: outputHash!, inputHash: inputHash!, binder: binder! };
}

/**
 * The text of `public.json`: an array of decimal strings.
 * @throws InputError CORE_FIELD_ELEMENT_RANGE
 */
export function encodePublicSignals(signals: PublicSignals): string {
  return canonicalJson(publicSignalList(signals));
}

/**
 * Reads `public.json`.
 * @throws InputError CORE_JSON_SYNTAX, CORE_PUBLIC_SIGNALS, CORE_FIELD_ELEMENT_SYNTAX,
 * CORE_FIELD_ELEMENT_RANGE
 */
export function decodePublicSignals(text: string): PublicSignals {
  const list = parseJson(text, 'public signals');
  requireThree(list);
  return publicSignalsOf(list.map((signal, i) => parseFieldElement(signal, NAMES[i]!)));
}

function requireThree(list: unknown): asserts list is readonly unknown[] {
  if (Array.isArray(list) && list.length === NAMES.length) return;
  throw new InputError({
    code: 'CORE_PUBLIC_SIGNALS',
    what: 'these are not the public signals of an inference',
    got: Array.isArray(list) ? `${list.length} signals` : typeof list,
    expected: `${NAMES.length}: ${NAMES.join(', ')}`,
  });
}
