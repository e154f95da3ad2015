import type { ProofJson, VerificationKeyJson } from '@zkinfer/core';
import type { ContractRunner } from 'ethers';
import { encodeProof } from '../encoding/encode-proof.ts';
import { encodeVerificationKey, verificationKeyHash } from '../encoding/encode-verification-key.ts';
import {
  type Groth16VerifierEvents,
  Groth16VerifierInterface,
  type Groth16VerifierMethods,
} from '../generated/groth16-verifier.ts';
import { ContractClient } from './contract-client.ts';

/** The verifier of all models: keys by their hash, proofs as snarkjs's JSON. */
export class VerifierClient extends ContractClient<Groth16VerifierMethods, Groth16VerifierEvents> {
  /** @param runner a signer to store keys, a provider to verify */
  constructor(address: string, runner: ContractRunner) {
    super(Groth16VerifierInterface, address, runner);
  }

  /**
   * Checks a key on chain and writes it, unless it is there already.
   * @returns its hash
   * @throws InputError CONTRACTS_KEY_*; as `onChain`
   */
  async storeKey(key: VerificationKeyJson): Promise<string> {
    await this.send(this.contract.storeKey, [encodeVerificationKey(key)]);
    return verificationKeyHash(key);
  }

  /** Whether a key is stored. @throws as `onChain` */
  async hasKey(keyHash: string): Promise<boolean> {
    return BigInt(await this.read(this.contract.keyPointer, keyHash)) !== 0n;
  }

  /**
   * Whether a proof holds for these signals, asked of the contract without a transaction.
   * @throws InputError CONTRACTS_PROOF_*, CONTRACTS_SIGNAL_*, CONTRACTS_UNKNOWN_KEY; as `onChain`
   */
  verify(keyHash: string, proof: ProofJson, signals: readonly bigint[]): Promise<boolean> {
    return this.read(this.contract.verify, keyHash, encodeProof(proof), signals);
  }
}
