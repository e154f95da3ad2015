/**
 * The shared vectors of the statement, which every implementation (circuit, Solidity, others'
 * clients) must reproduce. Deterministic: `npm run gen -w core` writes them to
 * `statement.vectors.json`.
 */
import type { CanonicalValue } from '../artifacts/canonical-json.ts';
import { SCALAR_FIELD_ORDER } from '../field.ts';
import { seededRandom } from '../seeded-random.ts';
import { BINDER_DOMAIN, binder } from './binder.ts';
import { COMMITMENT_KIND, type CommitmentHeader, commit, commitmentHeader } from './commit.ts';
import { type PackedLayout, pack } from './pack.ts';
import { type InputQuantization, quantizeInput } from './quantize-input.ts';
import { outputSalt } from './salts.ts';

const SEED = 20_250_101;
/** Around the 15 items of each call, the salt being one of them. */
const COMMITTED_WORDS = [1, 2, 13, 14, 15, 16, 29, 30, 31];

/** All vectors, in a fixed order. */
export function statementVectors(): CanonicalValue {
  return {
    generatedBy: 'npm run gen -w core',
    quantize: quantizeVectors(),
    pack: packVectors(),
    commit: commitVectors(),
    outputSalt: [0n, 1n, 2n ** 248n - 1n, SCALAR_FIELD_ORDER - 1n].map((inputSalt) => ({
      inputSalt,
      outputSalt: outputSalt(inputSalt),
    })),
    binderDomain: BINDER_DOMAIN,
    binder: binderVectors(),
  };
}

function quantizeVectors(): CanonicalValue[] {
  const unit = { scale: 1, lo: -8, bits: 4 };
  const halves = [-8.5, -8.500001, -2.5, -1.5, -0.5, -0, 0.5, 1.5, 2.5, 7.499999, 7.5, 100];
  const byte = { scale: 1 / 255, lo: 0, bits: 8 };
  const pixels = [0, 0.1, 0.5, 0.498, 127.5 / 255, 1, 1.0019608, -0.0019608, 1.5];
  const tenth = { scale: 0.1, lo: -128, bits: 8 };
  const tenths = [0.05, 0.15, 0.25, 0.35, 0.45, -0.05, -0.15, -12.85, 12.75, 1e-45];
  const nextToHalf = [0.49999997, 0.5, 0.50000006, -0.49999997, -0.50000006];
  const extremes = [3.4028234e38, -3.4028234e38, 1.17549435e-38];
  return [
    quantizeVector(unit, [...halves, ...nextToHalf]),
    quantizeVector(byte, pixels),
    quantizeVector(tenth, tenths),
    quantizeVector({ scale: 2 ** -7, lo: 0, bits: 1 }, [0, 0.00390625, 0.0039, 0.0078125]),
    quantizeVector({ scale: 0.007874015748031496, lo: -(2 ** 31), bits: 32 }, extremes),
  ];
}

function quantizeVector(quantization: InputQuantization, reals: number[]): CanonicalValue {
  const { values, clamping } = quantizeInput(reals, quantization);
  return { ...quantization, reals, values: [...values], clamped: clamping.count };
}

function packVectors(): CanonicalValue[] {
  return [
    packVector([{ lo: 0, bits: 8, count: 31 }], [(i) => i]),
    packVector([{ lo: 0, bits: 8, count: 32 }], [(i) => 255 - i]),
    packVector([{ lo: -8, bits: 4, count: 64 }], [(i) => (i % 16) - 8]),
    packVector([{ lo: 0, bits: 1, count: 254 }], [(i) => (i + 1) % 2]),
    packVector(
      [{ lo: -(2n ** 61n), bits: 62, count: 5 }],
      [(i) => ((2n ** 62n - 1n) * BigInt(i)) / 4n - 2n ** 61n],
    ),
    packVector([{ lo: 0, bits: 253, count: 2 }], [(i) => 2n ** 253n - 1n - BigInt(i)]),
    packVector(
      [
        { lo: -3, bits: 3, count: 2 },
        { lo: 5, bits: 20, count: 13 },
        { lo: 0, bits: 8, count: 1 },
      ],
      [(i) => i - 3, (i) => 5 + i, () => 255],
    ),
  ];
}

function packVector(
  layouts: readonly PackedLayout[],
  elements: readonly ((index: number) => number | bigint)[],
): CanonicalValue {
  const tensors = layouts.map(({ count }, t) =>
    Array.from({ length: count }, (_, i) => elements[t]!(i)),
  );
  return {
    layouts: layouts.map(({ lo, bits, count }) => ({ lo: BigInt(lo), bits, count })),
    tensors: tensors.map((tensor) => tensor.map(BigInt)),
    words: pack(tensors, layouts),
  };
}

function commitVectors(): CanonicalValue[] {
  const random = seededRandom(SEED);
  const byte = { lo: 0, bits: 8 };
  const wide = { lo: -500_000, bits: 20 };
  const randomCommit = (kind: number, layout: PackedLayout, salt: bigint) => {
    const tensor = Array.from(
      { length: layout.count },
      () => BigInt(layout.lo) + random.bigint(1n << BigInt(layout.bits)),
    );
    return commitVector(commitmentHeader(kind, [layout]), pack([tensor], [layout]), salt);
  };
  const highest = SCALAR_FIELD_ORDER - 1n;
  return [
    ...COMMITTED_WORDS.flatMap((words) => [
      randomCommit(
        COMMITMENT_KIND.input,
        { ...byte, count: 31 * words - random.int(0, 30) },
        random.bigint(1n << 248n),
      ),
      randomCommit(COMMITMENT_KIND.output, { ...wide, count: 12 * words }, 0n),
    ]),
    commitVector({ kind: 2, bits: 253, count: 2 ** 48 - 1 }, [highest, 0n, highest], highest),
  ];
}

function commitVector(
  { kind, bits, count }: CommitmentHeader,
  words: readonly bigint[],
  salt: bigint,
): CanonicalValue {
  return { kind, bits, count, words, salt, digest: commit({ kind, bits, count }, words, salt) };
}

function binderVectors(): CanonicalValue[] {
  const word = (byte: string) => `0x${byte.repeat(32)}`;
  const address = (byte: string) => `0x${byte.repeat(20)}`;
  const cases = [
    {
      chainId: 1n,
      coprocessor: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
      requestId: word('1f'),
      modelId: word('e0'),
      payee: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
    },
    {
      chainId: 31337n,
      coprocessor: address('00'),
      requestId: word('00'),
      modelId: word('00'),
      payee: address('00'),
    },
    {
      chainId: 2n ** 256n - 1n,
      coprocessor: address('ff'),
      requestId: word('ff'),
      modelId: word('ff'),
      payee: address('ff'),
    },
  ];
  return cases.map((terms) => ({ ...terms, binder: binder(terms) }));
}
