/** What a proving child does for its parent. */
import { type CalculatedWitness, calculateWitness, rowName } from '@zkinfer/circuits';
import { InternalError, type ProofJson, parseFieldElement } from '@zkinfer/core';
import { chooseEngine, type ProvingEngine, prove } from '@zkinfer/prover';
import { envelopeInputs } from './envelope-inputs.ts';
import { KeptKeys } from './kept-keys.ts';
import type { ModelPlace } from './open-served-model.ts';
import { progressReports } from './progress-reports.ts';
import type { CallContext } from './serve-calls.ts';

/** How a proving child is set up. */
export interface ProvingSettings {
  /** Of `ENGINE_NAMES`. */
  readonly engine: string;
  /** For models and keys together. */
  readonly memoryLimitBytes: number;
}

/** Which model a child is to open. */
export interface OpenKeyCall {
  readonly place: ModelPlace;
  readonly trustedSha256: string | undefined;
}

/** A model is open. */
export interface OpenedKey {
  /** Its points have been checked, now or before. */
  readonly keySha256: string;
  /** Of all that the child keeps. */
  readonly memoryBytes: number;
}

/** What is to be proved, of the model that was opened last; field elements in decimal digits. */
export interface ProveCall {
  readonly place: ModelPlace;
  /** JSON of `encodeEnvelope`. */
  readonly envelope: string;
  readonly binder: string;
  /** What the stages before have found, which the proof must be about. */
  readonly inputHash: string;
  readonly outputHash: string;
}

/** A proof that holds. */
export interface Proved {
  readonly proof: ProofJson;
  readonly publicSignals: readonly string[];
  readonly engine: string;
  readonly witnessMs: number;
  readonly proofMs: number;
}

/** The methods of a proving child. */
export class ProvingCalls {
  readonly #engine: ProvingEngine;
  readonly #keys: KeptKeys;

  constructor(engine: ProvingEngine, memoryLimitBytes: number) {
    this.#engine = engine;
    this.#keys = new KeptKeys(engine, memoryLimitBytes);
  }

  /** @throws as `chooseEngine` */
  static async create({ engine, memoryLimitBytes }: ProvingSettings): Promise<ProvingCalls> {
    return new ProvingCalls(await chooseEngine(engine), memoryLimitBytes);
  }

  /** The engine that was chosen. */
  engine(): string {
    return this.#engine.name;
  }

  /** @throws as `KeptKeys.open` */
  async open(call: OpenKeyCall, { signal, reportProgress }: CallContext): Promise<OpenedKey> {
    const { place, trustedSha256 } = call;
    const progress = progressReports(reportProgress);
    const { keySha256 } = await this.#keys.open(place, { trustedSha256, signal, progress });
    return { keySha256, memoryBytes: this.#keys.bytes };
  }

  /**
   * @throws as `envelopeInputs`, `calculateWitness`, `prove`; InternalError QUEUE_STATEMENT_DIFFERS
   */
  async prove(call: ProveCall, { signal, reportProgress }: CallContext): Promise<Proved> {
    const { circuit, key } = this.#keys.require(call.place);
    const progress = progressReports(reportProgress);
    progress.stage('compute the witness');
    const witnessStarted = performance.now();
    const calculated = calculateWitness(circuit, {
      ...envelopeInputs(call.envelope, call.place.modelDigest, circuit.network),
      binder: parseFieldElement(call.binder, 'the binder'),
    });
    requireStatement(calculated, call);
    const proofStarted = performance.now();
    const { proof, publicSignals } = await prove(this.#engine, key, calculated.witness, {
      progress,
      signal,
      circuit: { system: circuit, nameRow: (row) => rowName(circuit, row) },
    });
    const witnessMs = proofStarted - witnessStarted;
    const proofMs = performance.now() - proofStarted;
    return { proof, publicSignals, engine: this.#engine.name, witnessMs, proofMs };
  }
}

/** Before time is spent on a proof that would settle nothing. */
function requireStatement(
  { publicSignals: [outputHash, inputHash] }: CalculatedWitness,
  expected: ProveCall,
): void {
  const hashes = [`${outputHash}`, `${inputHash}`];
  if (hashes[0] === expected.outputHash && hashes[1] === expected.inputHash) return;
  throw new InternalError({
    code: 'QUEUE_STATEMENT_DIFFERS',
    what: 'the witness is about another input or output than the stages before have found',
    got: `output ${hashes[0]}, input ${hashes[1]}`,
    expected: `output ${expected.outputHash}, input ${expected.inputHash}`,
    hint: 'A worker’s inference is not exact, or its memory is bad: see which worker did it.',
  });
}
