import { ZkinferError } from '@zkinfer/core';
import type { Finding } from './finding.ts';

/** The finding for what a check threw. @throws what is no ZkinferError */
export function failedFinding(subject: string, error: unknown): Finding {
  if (!(error instanceof ZkinferError)) throw error;
  const { what, got, hint } = error;
  const found = got === undefined ? what : `${what}: ${got.replace(/\.$/, '')}`;
  return { subject, state: 'missing', found, ...(hint === undefined ? {} : { advice: hint }) };
}
