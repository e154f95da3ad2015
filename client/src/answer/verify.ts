/** Does a proof show that this model gave an output for the input that was asked about? */
import {
  InputError,
  IntegrityError,
  type PublicSignals,
  publicSignalsOf,
  UNBOUND,
  type ZkinferError,
} from '@zkinfer/core';
import { verifyProof } from '@zkinfer/prover/verify';
import type { Model } from '../model/open-model.ts';

/** `proof.json` and `public.json`. */
export interface ProofOfInference {
  readonly proof: unknown;
  /** Canonical decimal strings. */
  readonly publicSignals: readonly string[];
}

/** What the caller asked for; computed by itself, not taken from an answer. */
export interface AskedStatement {
  /** The commitment to the caller's input. */
  readonly inputHash: bigint;
  /** What the proof must be bound to; 0 by default. */
  readonly binder?: bigint;
  /** The output that was claimed; any by default. */
  readonly outputHash?: bigint;
}

/**
 * Checks a proof under the model's verification key, and that it is about what was asked. Returns
 * the signals, of which the outputHash is news; it never answers "no", it throws.
 * @param model the key is as trustworthy as the way in which this was opened
 * @throws IntegrityError CLIENT_PROOF_INVALID, CLIENT_PROOF_MALFORMED, CLIENT_STATEMENT_DIFFERS
 */
export function verify(
  model: Model,
  { proof, publicSignals }: ProofOfInference,
  asked: AskedStatement,
): PublicSignals {
  const signals = checkProof(model, proof, publicSignals);
  const expected: Partial<PublicSignals> = { binder: UNBOUND, ...asked };
  for (const name of ['inputHash', 'binder', 'outputHash'] as const) {
    if (expected[name] !== undefined && expected[name] !== signals[name]) {
      throw statementDiffers(name, signals[name], expected[name]);
    }
  }
  return signals;
}

function checkProof(model: Model, proof: unknown, texts: readonly string[]): PublicSignals {
  try {
    const { valid } = verifyProof(model.verificationKey, texts, proof);
    if (valid) return publicSignalsOf(texts.map(BigInt));
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw malformed(cause);
  }
  throw new IntegrityError({
    code: 'CLIENT_PROOF_INVALID',
    what: 'the proof does not hold for this model and these signals',
    hint: 'Whoever gave it is wrong. Nothing may be done on this answer.',
  });
}

function malformed(cause: ZkinferError): IntegrityError {
  return new IntegrityError({
    code: 'CLIENT_PROOF_MALFORMED',
    what: 'the answer holds no proof that could be checked',
    got: cause.what,
    cause,
  });
}

function statementDiffers(name: string, got: bigint, expected: bigint): IntegrityError {
  return new IntegrityError({
    code: 'CLIENT_STATEMENT_DIFFERS',
    what: `the proof holds, but is about another ${name}`,
    got: String(got),
    expected: String(expected),
    hint: 'It answers another question. Nothing may be done on this answer.',
  });
}
