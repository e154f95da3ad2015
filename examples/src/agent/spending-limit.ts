/** What an agent may spend, for one request and in all; kept in a file, so that no restart resets it. */
import { readFile } from 'node:fs/promises';
import { canonicalJson, InputError, parseFieldElement, parseJson, readObject } from '@zkinfer/core';
import { readError, writeFileAtomically } from '@zkinfer/core/node';

/** In the smallest unit of a currency. */
export interface Allowance {
  readonly perRequest: bigint;
  readonly total: bigint;
}

const FORMAT = 'a record of spending';

/** Money is counted before it is spent: after a crash there is less to spend, never more. */
export class SpendingLimit {
  readonly allowance: Allowance;
  readonly #path: string;
  #spent: bigint;
  #written: Promise<unknown> = Promise.resolve();

  private constructor(path: string, allowance: Allowance, spent: bigint) {
    this.#path = path;
    this.allowance = allowance;
    this.#spent = spent;
  }

  /**
   * Goes on from what the file says; a new file is begun with the first spending.
   * @throws InputError CORE_JSON_* for a file that is damaged: it is not taken for an empty one
   */
  static async open(path: string, allowance: Allowance): Promise<SpendingLimit> {
    return new SpendingLimit(path, allowance, await spentBefore(path));
  }

  /** What all spendings come to. */
  get spent(): bigint {
    return this.#spent;
  }

  /** The most that the next request may cost. */
  get left(): bigint {
    const { perRequest, total } = this.allowance;
    const rest = total > this.#spent ? total - this.#spent : 0n;
    return rest < perRequest ? rest : perRequest;
  }

  /**
   * Counts an amount; only then may it be spent.
   * @throws InputError EXAMPLES_OVER_LIMIT
   */
  async spend(amount: bigint): Promise<void> {
    if (amount < 0n || amount > this.left) {
      throw new InputError({
        code: 'EXAMPLES_OVER_LIMIT',
        what: 'the agent may not spend so much',
        got: String(amount),
        expected: `at most ${this.left}`,
      });
    }
    this.#spent += amount;
    await this.#write(this.#spent);
  }

  /** One after the other: the file must not end with an older sum. */
  async #write(spent: bigint): Promise<void> {
    const content = canonicalJson({ spent });
    const before = this.#written.catch(() => undefined);
    this.#written = before.then(() => writeFileAtomically(this.#path, content, { mode: 0o600 }));
    await this.#written;
  }
}

async function spentBefore(path: string): Promise<bigint> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0n;
    throw readError(error, path);
  }
  const { spent } = readObject(parseJson(text, FORMAT), FORMAT, ['spent']);
  return parseFieldElement(spent, `${FORMAT}: spent`);
}
