/** Reading `proof.json` and `public.json` as snarkjs writes them, strictly: see `parseProof`. */
import { InputError, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { type G1Point, type G2Point, parseG1, parseG2 } from './point-json.ts';
import { asRecord, parseDecimal } from './strict-json.ts';

/** A proof with its points checked. */
export interface Proof {
  readonly a: G1Point;
  readonly b: G2Point;
  readonly c: G1Point;
}

/**
 * Checks the contents of a `proof.json`: the protocol, canonical coordinates below p, points on
 * their curves, the point of G2 in the subgroup of order r.
 * @throws InputError PROVER_PROOF_MALFORMED
 */
export function parseProof(json: unknown): Proof {
  const { pi_a, pi_b, pi_c, protocol, curve } = asRecord(json, proofError);
  if (protocol !== 'groth16' || curve !== 'bn128') {
    throw proofError('protocol or curve', 'groth16 on bn128');
  }
  return {
    a: parseG1(pi_a, 'pi_a', proofError),
    b: parseG2(pi_b, 'pi_b', proofError),
    c: parseG1(pi_c, 'pi_c', proofError),
  };
}

/**
 * Checks the contents of a `public.json`: canonical decimal strings below r, so that no two texts
 * mean the same signal.
 * @throws InputError PROVER_PUBLIC_MALFORMED
 */
export function parsePublicSignals(json: unknown): bigint[] {
  if (!Array.isArray(json)) throw publicError('something else', 'an array of decimal strings');
  return json.map((item, index) => {
    const value = parseDecimal(item);
    if (value === undefined || value >= SCALAR_FIELD_ORDER) {
      throw publicError(`signal ${index} is not`, "a decimal string below the field's order");
    }
    return value;
  });
}

function proofError(got: string, expected: string): InputError {
  return new InputError({
    code: 'PROVER_PROOF_MALFORMED',
    what: 'this is not a proof',
    got,
    expected,
    hint: 'Pass the proof.json that `zkinfer prove` or snarkjs wrote, unchanged.',
  });
}

function publicError(got: string, expected: string): InputError {
  return new InputError({
    code: 'PROVER_PUBLIC_MALFORMED',
    what: 'these are not public signals',
    got,
    expected,
    hint: 'Pass the public.json that `zkinfer prove` or snarkjs wrote, unchanged.',
  });
}
