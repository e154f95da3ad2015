/** Who makes a request, and what they may do. */
import type { ApiKey, ApiKeyRole } from '../api-keys/api-key.ts';

/** Whoever a request is from. */
export interface Identity {
  /** Of the key: jobs belong to it. */
  readonly name: string;
  readonly roles: readonly ApiKeyRole[];
  readonly ratePerMinute: number;
  readonly dailyJobs: number;
  /** `session`, `anonymous`: sent by browsers without being asked, so the origin counts. */
  readonly by: 'key' | 'session' | 'anonymous';
}

/** Who may ask: everybody, or whoever has one of these roles; operators may always. */
export type Access = 'public' | readonly ApiKeyRole[];

/** The one person of a machine whose service asks for no keys. */
export const LOCAL_IDENTITY: Identity = {
  name: 'local',
  roles: ['client', 'operator', 'worker'],
  ratePerMinute: 1_000_000,
  dailyJobs: Number.MAX_SAFE_INTEGER,
  by: 'anonymous',
};

/** The identity that a key gives. */
export function identityOf(key: ApiKey, by: 'key' | 'session'): Identity {
  const { name, roles, ratePerMinute, dailyJobs } = key;
  return { name, roles, ratePerMinute, dailyJobs, by };
}

export function isOperator({ roles }: Identity): boolean {
  return roles.includes('operator');
}

/** Whether this access lets that identity in. */
export function admits(access: Access, identity: Identity): boolean {
  if (access === 'public' || isOperator(identity)) return true;
  return access.some((role) => identity.roles.includes(role));
}
