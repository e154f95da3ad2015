/**
 * Browsers that signed in: a random id in a cookie, the rest here. In memory: a restart signs
 * everybody out.
 */
import { createHash, randomBytes } from 'node:crypto';

/** The cookie of a session. */
export const SESSION_COOKIE = 'zkinfer_session';

const ID_BYTES = 32;

/** The oldest go when there are more. */
const MOST_SESSIONS = 1_000;

interface Session {
  readonly keyName: string;
  readonly expiresAt: number;
}

/** The sessions of one service. */
export class Sessions {
  /** By digest, so that a look-up's time tells nothing about ids. */
  readonly #sessions = new Map<string, Session>();
  readonly #durationMs: number;
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(durationMs: number, now: () => number = Date.now) {
    this.#durationMs = durationMs;
    this.#now = now;
  }

  /** The id of a new session of a key. */
  begin(keyName: string): string {
    const id = randomBytes(ID_BYTES).toString('base64url');
    this.#sessions.set(digestOf(id), { keyName, expiresAt: this.#now() + this.#durationMs });
    const oldest = this.#sessions.keys().next();
    if (this.#sessions.size > MOST_SESSIONS && !oldest.done) this.#sessions.delete(oldest.value);
    return id;
  }

  /** The name of the key that signed in; undefined once it is over. */
  keyNameOf(id: string): string | undefined {
    const session = this.#sessions.get(digestOf(id));
    if (session === undefined) return undefined;
    if (this.#now() < session.expiresAt) return session.keyName;
    this.end(id);
    return undefined;
  }

  end(id: string): void {
    this.#sessions.delete(digestOf(id));
  }
}

/** The session id of a Cookie header. */
export function sessionIdOf(cookieHeader: string | undefined): string | undefined {
  const prefix = `${SESSION_COOKIE}=`;
  const pairs = (cookieHeader ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}

/** A Set-Cookie header. @param maxAgeS 0 removes the cookie */
export function sessionCookie(id: string, maxAgeS: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${SESSION_COOKIE}=${id}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
