import { bn254 } from '@noble/curves/bn254.js';
import { formatError, type VerificationKeyJson } from '@zkinfer/core';
import type { QuadraticElement } from '../curve/coordinate-field.ts';
import { decodePoint, G1_ENCODING, G2_ENCODING, POINT_BYTES } from '../curve/point-encoding.ts';
import type { AffinePoint, Point } from '../curve/point-group.ts';
import { formatG1, formatG2 } from '../formats/point-json.ts';
import { type ProvingKeyFile, ZKEY, ZKEY_SECTION } from '../formats/zkey-file.ts';

/**
 * The verification key inside a proving key, equal to what `snarkjs zkey export verificationkey`
 * gives (its e(α, β) in the same tower). Whether anyone has contributed to the key is not asked
 * here: see `assertContributed`.
 * @throws InputError CORE_FORMAT_VALUE for coordinates not below p, and for α or β that is no point
 *   of its group
 */
export function exportVerificationKey({ header, container }: ProvingKeyFile): VerificationKeyJson {
  const alpha = decodePoint(G1_ENCODING, header.alpha1);
  const beta = decodePoint(G2_ENCODING, header.beta2);
  const inputs = container.section(ZKEY_SECTION.inputs, 'IC');
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: header.publicSignals,
    vk_alpha_1: formatG1(alpha),
    vk_beta_2: formatG2(beta),
    vk_gamma_2: formatG2(decodePoint(G2_ENCODING, header.gamma2)),
    vk_delta_2: formatG2(decodePoint(G2_ENCODING, header.delta2)),
    vk_alphabeta_12: formatPairing(alpha, beta),
    IC: Array.from({ length: header.publicSignals + 1 }, (_, i) =>
      formatG1(decodePoint(G1_ENCODING, inputs.subarray(i * POINT_BYTES.g1))),
    ),
  };
}

function formatPairing(alpha: Point<bigint>, beta: Point<QuadraticElement>): string[][][] {
  const { c0, c1 } = pairing(finite(alpha), finite(beta));
  return [c0, c1].map((half) =>
    [half.c0, half.c1, half.c2].map((element) => [String(element.c0), String(element.c1)]),
  );
}

function pairing(alpha: AffinePoint<bigint>, beta: AffinePoint<QuadraticElement>) {
  const g1 = bn254.G1.Point.fromAffine(alpha);
  const g2 = bn254.G2.Point.fromAffine(beta);
  try {
    g1.assertValidity();
    g2.assertValidity();
  } catch {
    throw badPoint();
  }
  return bn254.pairing(g1, g2);
}

function finite<T>(point: Point<T>): AffinePoint<T> {
  if (point === null) throw badPoint();
  return point;
}

function badPoint() {
  return formatError('VALUE', ZKEY.name, 'alpha or beta is not a point of its group');
}
