import { isDeepStrictEqual } from 'node:util';
import type { VerificationKeyJson } from '@zkinfer/core';

/** The members of a verification key in which two differ; none if the keys are the same. */
export function differingMembers(a: VerificationKeyJson, b: VerificationKeyJson): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof VerificationKeyJson>;
  return [...names].filter((name) => !isDeepStrictEqual(a[name], b[name]));
}
