/**
 * A chain of files that snarkjs makes, powers of tau, key, contribution and verification key, with
 * our proof at its end: what snarkjs proves with the same r and s, and accepts.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { collectChunks, SCALAR_FIELD_ORDER, writeR1cs, writeWtns } from '@zkinfer/core';
import {
  announceSeed,
  denseRowSystem,
  type SystemWithWitness,
  seededRandom,
  squareChainSystem,
} from '@zkinfer/core/testing';
import * as snarkjs from 'snarkjs';
import { readWholeFile } from '../../files/read-file.ts';
import { readProvingKey } from '../../formats/zkey-file.ts';
import { type LoadedProvingKey, provingKeyFromFile } from '../../prove/load-proving-key.ts';
import { callSnarkjs } from '../../setup/call-snarkjs.ts';
import { testedVariants } from '../../testing/kernel-variants.ts';
import { openSnarkjs } from '../snarkjs-session.ts';
import { createWasmEngine } from './wasm-engine.ts';

const POWER = 6;
const VARIANTS = await testedVariants();
const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;

const SUBJECTS: Readonly<Record<string, SystemWithWitness>> = {
  'bits and dense rows': denseRowSystem(8, random.int(0, 255), random.bigint(R)),
  'field elements': squareChainSystem(2 ** POWER - 2, random.bigint(R)),
};

/** The cached curve of snarkjs, whose randomness is replaced. */
interface FixableCurve extends snarkjs.Curve {
  readonly Fr: { random(): unknown; e(value: bigint): unknown };
}

/** What snarkjs makes of a circuit. */
interface Chain {
  readonly key: LoadedProvingKey;
  readonly verificationKey: snarkjs.Groth16VerificationKey;
  readonly r1cs: Uint8Array;
}

let folder: string;
let release: () => Promise<void>;
const chains = new Map<string, Chain>();

before(async () => {
  release = await openSnarkjs();
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-snarkjs-'));
  const ptau = await makePowersOfTau();
  for (const [name, subject] of Object.entries(SUBJECTS)) {
    chains.set(name, await makeChain(ptau, subject));
  }
});
after(async () => {
  await release();
  await rm(folder, { recursive: true });
});

async function makePowersOfTau(): Promise<string> {
  const { newAccumulator, contribute, preparePhase2 } = snarkjs.powersOfTau;
  const [first, second, prepared] = ['0', '1', '2'].map((name) => join(folder, `${name}.ptau`));
  const curve = await snarkjs.curves.getCurveFromName('bn128');
  await callSnarkjs('make powers of tau', async (logger) => {
    await newAccumulator(curve, POWER, first!, logger);
    await contribute(first!, second!, 'Eve', 'entropy', logger);
    await preparePhase2(second!, prepared!, logger);
  });
  return prepared!;
}

async function makeChain(ptau: string, { system }: SystemWithWitness): Promise<Chain> {
  const { newZKey, contribute, verifyFromR1cs, exportVerificationKey } = snarkjs.zKey;
  const r1cs = collectChunks((consumer) => writeR1cs(system, consumer));
  const [initial, path] = [join(folder, 'initial.zkey'), join(folder, 'key.zkey')];
  const file = { type: 'mem', data: r1cs } as const;
  const { result } = await callSnarkjs('make a key', async (logger) => {
    await newZKey(file, ptau, initial, logger);
    await contribute(initial, path, 'Ada', 'dice', logger);
    assert.equal(await verifyFromR1cs(file, ptau, path, logger), true);
    return exportVerificationKey(path, logger);
  });
  const key = provingKeyFromFile(readProvingKey(await readWholeFile(path)));
  return { key, verificationKey: result, r1cs };
}

/** The proof that snarkjs makes with numbers in place of those it draws. */
async function proveInSnarkjs(key: LoadedProvingKey, wtns: Uint8Array, drawn: readonly bigint[]) {
  const curve = (await snarkjs.curves.getCurveFromName('bn128')) as FixableCurve;
  const { random: original } = curve.Fr;
  const left = [...drawn];
  curve.Fr.random = () => curve.Fr.e(left.shift()!);
  try {
    const witness = { type: 'mem', data: wtns } as const;
    return await snarkjs.groth16.prove({ type: 'mem', data: key.file.bytes }, witness);
  } finally {
    curve.Fr.random = original;
  }
}

for (const variant of VARIANTS) {
  for (const [name, { witness }] of Object.entries(SUBJECTS)) {
    test(`${variant}: under a key of snarkjs, the proof of snarkjs: ${name}`, async () => {
      const { key, verificationKey, r1cs } = chains.get(name)!;
      const wtns = writeWtns(witness);
      const checked = await callSnarkjs('check the witness', (logger) =>
        snarkjs.wtns.check({ type: 'mem', data: r1cs }, { type: 'mem', data: wtns }, logger),
      );
      assert.equal(checked.result, true);
      const randomness = { r: random.bigint(R), s: random.bigint(R) };
      const engine = await createWasmEngine({ threads: 2, variant });
      try {
        const { proof, publicSignals } = await engine.prove(key, witness, { randomness });
        const theirs = await proveInSnarkjs(key, wtns, [randomness.r, randomness.s]);
        assert.deepEqual({ proof, publicSignals }, theirs);
        const { verify } = snarkjs.groth16;
        assert.equal(await verify(verificationKey, publicSignals, proof), true);
        const others = publicSignals.with(0, `${BigInt(publicSignals[0]!) ^ 1n}`);
        assert.equal(await verify(verificationKey, others, proof), false);
      } finally {
        await engine.close();
      }
    });
  }
}
