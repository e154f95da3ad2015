import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 10;

/** Resolves once the condition holds; asks again and again, for as long as the test may run. */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(PAUSE_MS);
}
