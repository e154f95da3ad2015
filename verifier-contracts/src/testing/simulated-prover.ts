/**
 * The Solidity tests' prover that knows its key's trapdoor, on a chain: valid proofs of any signals
 * in milliseconds.
 */
import type { ProofJson, VerificationKeyJson } from '@zkinfer/core';
import { Contract, type JsonRpcProvider } from 'ethers';
import { decodeProof } from '../encoding/encode-proof.ts';
import { g1Json, g2Json } from '../encoding/point-words.ts';
import { compileWorkspaceFile } from './compile-solidity.ts';

/** Small multiples of the generators keep the arithmetic in Solidity short. */
const TRAPDOOR = { alpha: 3n, beta: 5n, gamma: 7n, delta: 11n, ic: [13n, 17n, 19n, 23n] };

/** Where the contract's code is put. */
const ADDRESS = `0x${'51'.repeat(20)}`;

/** A key and proofs under it, in snarkjs's JSON. */
export class SimulatedProver {
  readonly key: VerificationKeyJson;
  readonly #contract: Contract;

  private constructor(contract: Contract, key: VerificationKeyJson) {
    this.#contract = contract;
    this.key = key;
  }

  /** Puts the prover on a local chain. */
  static async place(provider: JsonRpcProvider): Promise<SimulatedProver> {
    const path = 'test/solidity/support/SimulatedProver.sol';
    const { abi, runtimeCode } = compileWorkspaceFile(path).SimulatedProver!;
    await provider.send('anvil_setCode', [ADDRESS, runtimeCode]);
    const contract = new Contract(ADDRESS, abi, provider);
    return new SimulatedProver(contract, keyJson(await contract.keyOf!(TRAPDOOR)));
  }

  /** A valid proof of these three signals; another `a`, another proof of the same. */
  async prove(signals: readonly bigint[], a = 29n): Promise<ProofJson> {
    const words: bigint[] = (await this.#contract.proveUnder!(TRAPDOOR, signals, a)).toArray();
    return decodeProof(words);
  }
}

/** The JSON of a key that is encoded as contracts take it. */
function keyJson(encoded: string): VerificationKeyJson {
  const words = (encoded.slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`));
  const inputs = words.slice(14);
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: inputs.length / 2 - 1,
    vk_alpha_1: g1Json(words.slice(0, 2)),
    vk_beta_2: g2Json(words.slice(2, 6)),
    vk_gamma_2: g2Json(words.slice(6, 10)),
    vk_delta_2: g2Json(words.slice(10, 14)),
    vk_alphabeta_12: [],
    IC: Array.from({ length: inputs.length / 2 }, (_, i) => g1Json(inputs.slice(2 * i, 2 * i + 2))),
  };
}
