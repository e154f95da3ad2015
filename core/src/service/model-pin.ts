/** One digest over all that a client believes about a model. */
import { type CanonicalValue, canonicalJson } from '../artifacts/canonical-json.ts';
import { sha256Hex } from '../artifacts/sha256.ts';
import type { ModelDescription } from './model-description.ts';

const FORMAT = 'zkinfer-model-pin-1';

/**
 * The SHA-256 of what answers depend on: digests, how inputs are quantised, how outputs are read,
 * the verification key. Names, sizes and chains are not in it. The order of keys does not count.
 * @returns 64 lower-case hexadecimal digits
 */
export function modelPin(model: ModelDescription): string {
  const { modelDigest, circuitDigest, inputs, outputs, verificationKey } = model;
  const pinned = { format: FORMAT, modelDigest, circuitDigest, inputs, outputs, verificationKey };
  return sha256Hex(canonicalJson(withSortedKeys(pinned)));
}

function withSortedKeys(value: unknown): CanonicalValue {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== 'object' || value === null) return value as CanonicalValue;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(
    keys.map((key) => [key, withSortedKeys((value as Record<string, unknown>)[key])]),
  );
}
