import {
  type ConstraintSystem,
  domainSizeLog2,
  FIELD_BYTES,
  InputError,
  invert,
  publicSignalCount,
  reduce,
  SCALAR_FIELD_ORDER,
  writeFieldBytes,
} from '@zkinfer/core';
import { TWO_ADICITY } from '../curve/root-of-unity.ts';
import { lagrangeAt, oddLagrangeAt } from './lagrange.ts';
import { evaluateQuadraticProgram } from './quadratic-program.ts';
import type { ToxicWaste } from './toxic-waste.ts';

const R = SCALAR_FIELD_ORDER;

/**
 * The discrete logarithms of a key's points, section by section: 32 bytes little endian each.
 * Secret.
 */
export interface KeyScalars {
  readonly log2Size: number;
  /** (β·a + α·b + c)(τ) of the constant and each public signal; γ = 1. */
  readonly inputs: Uint8Array;
  /** a(τ) of each wire. */
  readonly a: Uint8Array;
  /** b(τ) of each wire, in G1 and G2. */
  readonly b: Uint8Array;
  /** (β·a + α·b + c)(τ)/δ of each private wire. */
  readonly c: Uint8Array;
  /** L_{2i+1}(τ)/δ over the domain of twice the size. */
  readonly h: Uint8Array;
}

/**
 * Evaluates a system at τ and combines it to the scalars of snarkjs's key sections (Groth 2016,
 * section 3.2; H as in snarkjs, see `oddLagrangeAt`).
 * @throws InputError PROVER_SYSTEM_SIZE for a system without rows or with more than BN254's domains
 *   hold
 */
export function keyScalars(system: ConstraintSystem, waste: ToxicWaste): KeyScalars {
  const log2Size = checkedDomainSizeLog2(system);
  const { a, b, c } = evaluateQuadraticProgram(system, lagrangeAt(waste.tau, log2Size));
  const firstPrivate = publicSignalCount(system) + 1;
  const inverseDelta = invert(waste.delta);
  const combined = a.map((value, wire) => {
    const sum = waste.beta * value + waste.alpha * b[wire]! + c[wire]!;
    return wire < firstPrivate ? reduce(sum) : reduce(reduce(sum) * inverseDelta);
  });
  return {
    log2Size,
    inputs: scalarBytes(combined.slice(0, firstPrivate)),
    a: scalarBytes(a),
    b: scalarBytes(b),
    c: scalarBytes(combined.slice(firstPrivate)),
    h: scalarBytes(oddLagrangeAt(waste.tau, log2Size).map((value) => (value * inverseDelta) % R)),
  };
}

/** Residues as 32 bytes little endian each. */
export function scalarBytes(scalars: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(scalars.length * FIELD_BYTES);
  const view = new DataView(bytes.buffer);
  scalars.forEach((scalar, i) => {
    writeFieldBytes(view, i * FIELD_BYTES, scalar);
  });
  return bytes;
}

/**
 * `domainSizeLog2`, refusing what no key can hold: the H section needs a domain of twice the size.
 */
export function checkedDomainSizeLog2(system: ConstraintSystem): number {
  const log2Size = domainSizeLog2(system);
  if (system.rows < 1 || log2Size >= TWO_ADICITY) {
    throw new InputError({
      code: 'PROVER_SYSTEM_SIZE',
      what: 'no proving key can be made for a constraint system of this size',
      got: `${system.rows} rows`,
      expected: `1 to 2^${TWO_ADICITY - 1} rows and public signals`,
    });
  }
  return log2Size;
}
