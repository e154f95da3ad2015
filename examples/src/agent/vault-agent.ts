/**
 * An agent that opens vaults: it sees a drawing, has a model read it for money, and acts on the
 * answer only if it is proved. What it may spend is decided before it looks, not by what it sees.
 */
import { type InferenceJob, type JobUpdate, type ProvedAnswer, withinTime } from '@zkinfer/client';
import { ZkinferError } from '@zkinfer/core';
import type { SpendingLimit } from './spending-limit.ts';

/** A vault, and the drawing that is seen at its door. */
export interface Sighting {
  /** The digit that opens the vault. */
  readonly wanted: number;
  /** The most that a reading costs: price, fee and callback gas. */
  readonly cost: bigint;
  /** Pays for a reading. */
  ask(): Promise<InferenceJob>;
  /** Hears how the reading goes. */
  follow(update: JobUpdate): void;
  /** Takes what the vault holds; the vault itself has got the answer from the chain. */
  open(): Promise<void>;
}

/** What came of it. */
export type Deed =
  | { readonly kind: 'opened' | 'left'; readonly read: number }
  | { readonly kind: 'refused'; readonly code: string };

/** How long the agent waits for an answer. */
const PATIENCE_MS = 10 * 60_000;

const TIMED_OUT = { what: 'the answer is late', hint: 'What was escrowed is refunded later.' };

/**
 * Visits a vault: asks if there is money left for it, waits, and opens it if the proved answer is
 * the wanted digit. Whatever else happens, it keeps its hands off.
 * @throws what is no ZkinferError
 */
export async function visit(sighting: Sighting, limit: SpendingLimit): Promise<Deed> {
  try {
    await limit.spend(sighting.cost);
    const job = await sighting.ask();
    const { outputs } = await answerTo(job, sighting);
    const read = outputs[0]!.predicted!;
    if (read !== sighting.wanted) return { kind: 'left', read };
    await sighting.open();
    return { kind: 'opened', read };
  } catch (error) {
    if (!(error instanceof ZkinferError)) throw error;
    return { kind: 'refused', code: error.code };
  }
}

function answerTo(job: InferenceJob, { follow }: Sighting): Promise<ProvedAnswer> {
  return withinTime({ timeoutMs: PATIENCE_MS }, TIMED_OUT, async (signal) => {
    for await (const update of job.updates({ signal })) follow(update);
    return job.waitForResult({ signal });
  });
}
