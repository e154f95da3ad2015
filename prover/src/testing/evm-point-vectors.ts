/**
 * Additions and multiplications in G1 as Ethereum's precompiled contracts 0x06 and 0x07 answer them
 * (EIP-196): a selection of the published test vectors of those contracts, by their names there.
 * Source: ethereum/go-ethereum, `core/vm/testdata/precompiles/bn256Add.json` and
 * `bn256ScalarMul.json`. A point is x and y, big endian; (0, 0) is infinity.
 */
import { reduce } from '@zkinfer/core';
import { type SlowPoint, slowPoint } from './slow-points.ts';

/** p + q = sum. */
export interface AdditionVector {
  readonly name: string;
  readonly p: SlowPoint;
  readonly q: SlowPoint;
  readonly sum: SlowPoint;
}

/** scalar · p = product; the scalar reduced mod r. */
export interface MultiplicationVector {
  readonly name: string;
  readonly p: SlowPoint;
  readonly scalar: bigint;
  readonly product: SlowPoint;
}

const INFINITY = point('0', '0');
const GENERATOR = point('1', '2');
const TWICE = point(
  '030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3',
  '15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4',
);
const A1 = point(
  '18b18acfb4c2c30276db5411368e7185b311dd124691610c5d3b74034e093dc9',
  '063c909c4720840cb5134cb9f59fa749755796819658d32efc0d288198f37266',
);
const A2 = point(
  '07c2b7f58a84bd6145f00c9c2bc0bb1a187f20ff2c92963a88019e7c6a014eed',
  '06614e20c147e940f2d70da3f74c9a17df361706a4485c742bd6788478fa17d7',
);
const A3 = point(
  '2243525c5efd4b9c3d3c45ac0ca3fe4dd85e830a4ce6b65fa1eeaee202839703',
  '301d1d33be6da8e509df21cc35964723180eed7532537db9ae5e7d48f195c915',
);
const A4 = point(
  '2bd3e6d0f3b142924f5ca7b49ce5b9d54c4703d7ae5648e61d02268b1a0a9fb7',
  '21611ce0a6af85915e2f1d70300909ce2e49dfad4a4619c8390cae66cefdb204',
);
const B1 = point(
  '17c139df0efee0f766bc0204762b774362e4ded88953a39ce849a8a7fa163fa9',
  '01e0559bacb160664764a357af8a9fe70baa9258e0b959273ffc5718c6d4cc7c',
);
const B1_NEGATED = point(
  '17c139df0efee0f766bc0204762b774362e4ded88953a39ce849a8a7fa163fa9',
  '2e83f8d734803fc370eba25ed1f6b8768bd6d83887b87165fc2434fe11a830cb',
);
const B2 = point(
  '039730ea8dff1254c0fee9c0ea777d29a9c710b7e616683f194f18c43b43b869',
  '073a5ffcc6fc7a28c30723d6e58ce577356982d65b833a5a5c15bf9024b43d98',
);
const B3 = point(
  '15bf2bb17880144b5d1cd2b1f46eff9d617bffd1ca57c37fb5a49bd84e53cf66',
  '049c797f9ce0d17083deb32b5e36f2ea2a212ee036598dd7624c168993d1355f',
);
const M1 = point(
  '070a8d6a982153cae4be29d434e8faef8a47b274a053f5a4ee2a6c9c13c31e5c',
  '031b8ce914eba3a9ffb989f9cdd5b0f01943074bf4f0f315690ec3cec6981afc',
);
const M2 = point(
  '025a6f4181d2b4ea8b724290ffb40156eb0adb514c688556eb79cdea0752c2bb',
  '2eff3f31dea215f1eb86023a133a996eb6300b44da664d64251d05381bb8a02e',
);
const M3 = point(
  '14789d0d4a730b354403b5fac948113739e276c23e0258d8596ee72f9cd9d323',
  '0af18a63153e0ec25ff9f2951dd3fa90ed0197bfef6e2a1a62b5095b9d2b4a27',
);
const C = point(
  '1a87b0584ce92f4593d161480614f2989035225609f08058ccfa3d0f940febe3',
  '1a2f3c951f6dadcc7ee9007dff81504b0fcd6d7cf59996efdc33d92bf7f9f8f6',
);
const C_BY_LARGEST = point(
  '2cde5879ba6f13c0b5aa4ef627f159a3347df9722efce88a9afbb20b763b4c41',
  '1aa7e43076f6aee272755a7f9b84832e71559ba0d2e0b17d5f9f01755e5b0d11',
);
const C_NEGATED = point(
  '1a87b0584ce92f4593d161480614f2989035225609f08058ccfa3d0f940febe3',
  '163511ddc1c3f25d396745388200081287b3fd1472d8339d5fecb2eae0830451',
);
const C_BY_2_128 = point(
  '1051acb0700ec6d42a88215852d582efbaef31529b6fcbc3277b5c1b300f5cf0',
  '135b2394bb45ab04b8bd7611bd2dfe1de6a4e6e2ccea1ea1955f577cd66af85b',
);
const C_BY_9 = point(
  '1dbad7d39dbc56379f78fac1bca147dc8e66de1b9d183c7b167351bfe0aeab74',
  '2cd757d51289cd8dbd0acf9e673ad67d0f0a89f912af47ed1be53664f5692575',
);

export const ADDITION_VECTORS: readonly AdditionVector[] = [
  { name: 'chfast1', p: A1, q: A2, sum: A3 },
  { name: 'chfast2', p: A3, q: A1, sum: A4 },
  { name: 'cdetrio1', p: INFINITY, q: INFINITY, sum: INFINITY },
  { name: 'cdetrio6', p: INFINITY, q: GENERATOR, sum: GENERATOR },
  { name: 'cdetrio9', p: GENERATOR, q: INFINITY, sum: GENERATOR },
  { name: 'cdetrio11', p: GENERATOR, q: GENERATOR, sum: TWICE },
  { name: 'cdetrio13', p: B1, q: B2, sum: B3 },
  { name: 'cdetrio14', p: B1, q: B1_NEGATED, sum: INFINITY },
];

export const MULTIPLICATION_VECTORS: readonly MultiplicationVector[] = [
  multiplication('chfast1', A4, '11138ce750fa15c2', M1),
  multiplication(
    'chfast2',
    M1,
    '30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd46',
    M2,
  ),
  multiplication(
    'chfast3',
    M2,
    '183227397098d014dc2822db40c0ac2ecbc0b548b438e5469e10460b6c3e7ea3',
    M3,
  ),
  multiplication('cdetrio1', C, 'f'.repeat(64), C_BY_LARGEST),
  multiplication(
    'cdetrio2',
    C,
    '30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000000',
    C_NEGATED,
  ),
  multiplication('cdetrio3', C, `1${'0'.repeat(32)}`, C_BY_2_128),
  multiplication('cdetrio4', C, '9', C_BY_9),
  multiplication('cdetrio5', C, '1', C),
];

function multiplication(
  name: string,
  p: SlowPoint,
  scalar: string,
  product: SlowPoint,
): MultiplicationVector {
  return { name, p, scalar: reduce(BigInt(`0x${scalar}`)), product };
}

function point(xHex: string, yHex: string): SlowPoint {
  const [x, y] = [BigInt(`0x${xHex}`), BigInt(`0x${yHex}`)];
  return x === 0n && y === 0n ? null : slowPoint({ x, y });
}
