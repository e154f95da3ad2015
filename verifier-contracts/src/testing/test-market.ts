/** A local chain with everything deployed and a model registered, for tests. */
import { COMMITMENT_KIND, commit, outputSalt } from '@zkinfer/core';
import type { Signer } from 'ethers';
import { CoprocessorClient, type Delivered } from '../clients/coprocessor-client.ts';
import { RegistryClient } from '../clients/registry-client.ts';
import { inlineInputHash, type RequestWish } from '../clients/request-plan.ts';
import { NATIVE_TOKEN } from '../clients/token-units.ts';
import { VerifierClient } from '../clients/verifier-client.ts';
import { deployAll } from '../deployment/deploy-all.ts';
import type { Deployment } from '../deployment/deployment-record.ts';
import { verificationKeyHash } from '../encoding/encode-verification-key.ts';
import type { ModelIdentity } from '../generated/types.ts';
import { LocalChain } from '../node/local-chain.ts';
import { SimulatedProver } from './simulated-prover.ts';

/** What the model of tests says about itself: four 8-bit inputs, three 20-bit outputs. */
export const TEST_IDENTITY: ModelIdentity = {
  modelDigest: `0x${'11'.repeat(32)}`,
  circuitDigest: `0x${'22'.repeat(32)}`,
  transcriptHash: `0x${'00'.repeat(32)}`,
  inputSpec: { count: 4n, bits: 8n, words: 1n },
  outputSpec: { count: 3n, bits: 20n, words: 1n },
};

/** What one use of the model costs. */
export const TEST_PRICE = 10n ** 16n;

/** The words that requests of tests carry. */
export const TEST_WORDS: readonly bigint[] = [0x04_03_02_01n];

const OUTPUT_WORDS: readonly bigint[] = [123_456n];

/** Accounts of the chain by their part in it. */
export interface TestAccounts {
  readonly owner: Signer;
  readonly requester: Signer;
  readonly worker: Signer;
  readonly other: Signer;
}

interface MarketParts {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  readonly prover: SimulatedProver;
  readonly accounts: TestAccounts;
  readonly modelId: string;
}

/** Everything that a test of the clients needs. `chain.stop()` in the end. */
export class TestMarket implements MarketParts {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  readonly prover: SimulatedProver;
  readonly accounts: TestAccounts;
  readonly modelId: string;

  private constructor(parts: MarketParts) {
    this.chain = parts.chain;
    this.deployment = parts.deployment;
    this.prover = parts.prover;
    this.accounts = parts.accounts;
    this.modelId = parts.modelId;
  }

  /** Starts, deploys, registers. */
  static async start(): Promise<TestMarket> {
    const chain = await LocalChain.start();
    try {
      return new TestMarket(await furnish(chain));
    } catch (error) {
      await chain.stop();
      throw error;
    }
  }

  /** The registry as an account sees it. */
  registry(account: Signer): RegistryClient {
    return new RegistryClient(this.deployment.contracts.ModelRegistry.address, account);
  }

  /** The coprocessor as an account sees it. */
  coprocessor(account: Signer): CoprocessorClient {
    return new CoprocessorClient(this.deployment.contracts.InferenceCoprocessor.address, account);
  }

  /** The verifier as an account sees it. */
  verifier(account: Signer): VerifierClient {
    return new VerifierClient(this.deployment.contracts.Groth16Verifier.address, account);
  }

  /** A wish for an hour, with the words inline. */
  async wish(changes: Partial<RequestWish> = {}): Promise<RequestWish> {
    return {
      modelId: this.modelId,
      input: { words: TEST_WORDS },
      workerFee: 10n ** 15n,
      deadline: BigInt((await this.chain.now()) + 3600),
      ...changes,
    };
  }

  /** A delivery with a valid proof that names this payee. */
  async deliver(requestId: string, payee: string): Promise<Delivered> {
    const salt = outputSalt(0n);
    const { count, bits } = TEST_IDENTITY.outputSpec;
    const header = { kind: COMMITMENT_KIND.output, bits: Number(bits), count: Number(count) };
    const outputHash = commit(header, OUTPUT_WORDS, salt);
    const inputHash = inlineInputHash(TEST_WORDS, TEST_IDENTITY.inputSpec);
    const { modelId } = this;
    const binder = await this.coprocessor(this.accounts.other).binder({
      requestId,
      modelId,
      payee,
    });
    const proof = await this.prover.prove([outputHash, inputHash, binder]);
    return { requestId, proof, payee, outputHash, outputWords: OUTPUT_WORDS, outputSalt: salt };
  }

  /** keccak256 of the model's key. */
  get keyHash(): string {
    return verificationKeyHash(this.prover.key);
  }
}

async function furnish(chain: LocalChain): Promise<MarketParts> {
  const accounts = {
    owner: chain.signer(0),
    requester: chain.signer(1),
    worker: chain.signer(2),
    other: chain.signer(3),
  };
  const deployment = await deployAll(accounts.owner);
  const prover = await SimulatedProver.place(chain.provider);
  const { address } = deployment.contracts.ModelRegistry;
  const { modelId } = await new RegistryClient(address, accounts.owner).register({
    identity: TEST_IDENTITY,
    verificationKey: prover.key,
    prices: [{ token: NATIVE_TOKEN, amount: TEST_PRICE }],
  });
  return { chain, deployment, prover, accounts, modelId };
}
