/**
 * Who may fetch from which host, so that slow hosts hold up nobody else: neither inputs that other
 * hosts have, nor those that are here already.
 */

/** How many may fetch. */
export interface HostSlotsOptions {
  /** From one host at a time; 8 unless told. */
  readonly perHost?: number;
  /** From all hosts at a time; 48 unless told. */
  readonly inAll?: number;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** Leave to fetch, to be given back once; or in how many milliseconds to ask for it again. */
export type HostSlot =
  | { readonly isFree: true; readonly leave: () => void }
  | { readonly isFree: false; readonly retryMs: number };

const PER_HOST = 8;
const IN_ALL = 48;

/** The shortest wait, and the longest that a task can be handed back for. */
const RETRY_MS = 250;
const LONGEST_RETRY_MS = 60_000;

/** How often those who wait for one host ask again, on average: 50 times a second in all. */
const MS_PER_WAITING = 20;

interface Host {
  fetching: number;
  /** When those who were sent away come back, in any order. */
  awaited: number[];
}

/** Slots by host; those who find none are told to come back, the later the more wait. */
export class HostSlots {
  readonly #options: Required<HostSlotsOptions>;
  readonly #hosts = new Map<string, Host>();
  #fetching = 0;

  constructor(options: HostSlotsOptions = {}) {
    const defaults = { perHost: PER_HOST, inAll: IN_ALL };
    const sources = { now: () => performance.now(), random: Math.random };
    this.#options = { ...defaults, ...sources, ...options };
  }

  /** Hosts that are fetched from, or waited for. */
  get size(): number {
    return this.#hosts.size;
  }

  /** @param name of the host, as it stands in a URL, with its port */
  enter(name: string): HostSlot {
    const { perHost, inAll, now } = this.#options;
    this.#forget(now());
    const host = this.#hosts.get(name) ?? { fetching: 0, awaited: [] };
    this.#hosts.set(name, host);
    if (host.fetching >= perHost || this.#fetching >= inAll) return this.#refuse(host);
    host.fetching += 1;
    this.#fetching += 1;
    let isLeft = false;
    const leave = () => {
      if (isLeft) return;
      isLeft = true;
      host.fetching -= 1;
      this.#fetching -= 1;
    };
    return { isFree: true, leave };
  }

  #refuse(host: Host): HostSlot {
    const { now, random } = this.#options;
    const spread = Math.max(RETRY_MS, 2 * MS_PER_WAITING * host.awaited.length);
    const retryMs = Math.min(LONGEST_RETRY_MS, Math.round(RETRY_MS + spread * random()));
    host.awaited.push(now() + retryMs);
    return { isFree: false, retryMs };
  }

  /** Those who should be back, and hosts that nobody is about. */
  #forget(now: number): void {
    for (const [name, host] of this.#hosts) {
      host.awaited = host.awaited.filter((due) => due > now);
      if (host.fetching === 0 && host.awaited.length === 0) this.#hosts.delete(name);
    }
  }
}
