/** Which registered models the service serves, and which it would but may not. */
import type { CircuitSummary } from '@zkinfer/circuits';
import { type Model, ModelState } from '@zkinfer/verifier-contracts';
import type { ModelStanding } from '../admission/decide-admission.ts';
import type { CoprocessorReader } from './coprocessor-reader.ts';

/** A model that the workers have. */
export interface ProvableModel {
  readonly modelDigest: string;
  /** keccak256 of its verification key, 0x text: another key's proofs are worth nothing. */
  readonly keyHash: string;
  readonly circuit: CircuitSummary;
}

/** Which models are served of those that are there; all unless told. */
export interface ModelPolicy {
  /** By digest. */
  readonly allowed?: ReadonlySet<string>;
  /** Who may have registered them, lower-case addresses: an owner can make work on them worthless. */
  readonly owners?: ReadonlySet<string>;
}

/** A registration, judged. */
export interface JudgedModel {
  readonly standing: ModelStanding;
  /** Undefined for models that are not here. */
  readonly model: ProvableModel | undefined;
}

/** How long an answer about a model is believed: many requests of one come at once. */
const STATE_MS = 3_000;
/** How long it is believed that no other registration has come, and that there is none at all. */
const REGISTRATIONS_MS = { some: 10 * 60_000, none: 15_000 };

interface Remembered<T> {
  readonly at: number;
  readonly value: Promise<T>;
  /** For ever while it is asked for. */
  forMs: number;
}

/** What the registry is asked. */
type RegistryReader = Pick<CoprocessorReader, 'model' | 'registrations'>;

/** The registered models of one chain, as the service sees them. */
export class RegisteredModels {
  readonly #reader: RegistryReader;
  readonly #models: ReadonlyMap<string, ProvableModel>;
  readonly #policy: ModelPolicy;
  readonly #now: () => number;
  readonly #states = new Map<string, Remembered<Model | undefined>>();
  readonly #registrations = new Map<string, Remembered<string[]>>();

  /** @param models by digest; may change while it is used */
  constructor(
    reader: RegistryReader,
    models: ReadonlyMap<string, ProvableModel>,
    policy: ModelPolicy = {},
    now: () => number = Date.now,
  ) {
    this.#reader = reader;
    this.#models = models;
    this.#policy = policy;
    this.#now = now;
  }

  /** @throws as `onChain` */
  async judge(modelId: string): Promise<JudgedModel> {
    const registered = await this.#state(modelId);
    const model = registered && this.#models.get(registered.identity.modelDigest.slice(2));
    if (registered === undefined || model === undefined || model.keyHash !== registered.keyHash) {
      return { standing: 'unknown', model: undefined };
    }
    if (!this.#isAllowed(model, registered)) return { standing: 'not-allowed', model };
    const isActive = registered.state === ModelState.Active;
    return { standing: isActive ? 'served' : 'frozen', model };
  }

  /**
   * The registrations of a model that are served now, the earliest first.
   * @throws as `onChain`
   */
  async servedIds(modelDigest: string): Promise<string[]> {
    const model = this.#models.get(modelDigest);
    if (model === undefined) return [];
    const ids = await this.#remember(
      this.#registrations,
      modelDigest,
      (found) => (found.length > 0 ? REGISTRATIONS_MS.some : REGISTRATIONS_MS.none),
      () => this.#reader.registrations(modelDigest, model.keyHash),
    );
    const judged = await Promise.all(ids.map((modelId) => this.judge(modelId)));
    return ids.filter((_, i) => judged[i]!.standing === 'served');
  }

  #isAllowed({ modelDigest }: ProvableModel, { owner }: Model): boolean {
    const { allowed, owners } = this.#policy;
    const isListed = allowed?.has(modelDigest) ?? true;
    return isListed && (owners?.has(owner.toLowerCase()) ?? true);
  }

  #state(modelId: string): Promise<Model | undefined> {
    const ask = () => this.#reader.model(modelId);
    return this.#remember(this.#states, modelId, () => STATE_MS, ask);
  }

  /** Asks once for what many want at a time; failures are not remembered. */
  #remember<T>(
    memory: Map<string, Remembered<T>>,
    key: string,
    forMs: (value: T) => number,
    ask: () => Promise<T>,
  ): Promise<T> {
    const known = memory.get(key);
    if (known !== undefined && this.#now() - known.at < known.forMs) return known.value;
    const asked = { at: this.#now(), value: ask(), forMs: Number.POSITIVE_INFINITY };
    memory.set(key, asked);
    asked.value.then(
      (value) => {
        asked.forMs = forMs(value);
      },
      () => memory.delete(key),
    );
    return asked.value;
  }
}
