/** Whether the service can do its work, and what of it cannot. */

import { ZkinferError } from '@zkinfer/core';
import type { Overview } from '@zkinfer/core/service';
import { CLOSED } from '@zkinfer/core/service';
import Type, { type Static } from 'typebox';
import type { JobBackend } from '../backend/job-backend.ts';
import { UNEXPECTED_ERROR } from '../jobs/classify-error.ts';
import type { Store } from '../store/store.ts';

/** The answer to `GET /readyz`. */
export const ReadinessSchema = Type.Object(
  {
    ready: Type.Boolean(),
    checks: Type.Array(
      Type.Object(
        {
          name: Type.Enum(['store', 'backend', 'workers', 'chains']),
          ok: Type.Boolean(),
          /** Why not, in words or a code. */
          problems: Type.Array(Type.String()),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);

/** Whether the service can do its work. */
export type Readiness = Static<typeof ReadinessSchema>;

/** What is looked at. */
export interface ReadinessSources {
  readonly store: Store;
  readonly backend: JobBackend;
  readonly overview: () => Promise<Overview>;
}

/** A key that is never there: reading it asks the disk all the same. */
const NO_KEY = 'readiness';

/** Does not throw: what fails is a problem. */
export async function checkReadiness(sources: ReadinessSources): Promise<Readiness> {
  const seen = attempt(() => sources.overview());
  const checks = await Promise.all([
    check('store', () => storeProblems(sources.store)),
    check('backend', () => backendProblems(sources.backend)),
    check('workers', async () => workerProblems(await seen())),
    check('chains', async () => chainProblems(await seen())),
  ]);
  return { ready: checks.every(({ ok }) => ok), checks };
}

type Check = Readiness['checks'][number];

async function check(name: Check['name'], problemsOf: () => Promise<string[]>): Promise<Check> {
  try {
    const problems = await problemsOf();
    return { name, ok: problems.length === 0, problems };
  } catch (error) {
    const code = error instanceof ZkinferError ? error.code : UNEXPECTED_ERROR;
    return { name, ok: false, problems: [code] };
  }
}

async function storeProblems(store: Store): Promise<string[]> {
  await store.get(NO_KEY);
  return [];
}

/** A backend that works may have problems, too: advice. */
async function backendProblems(backend: JobBackend): Promise<string[]> {
  const { ok, problems } = await backend.health();
  if (ok) return [];
  return problems.length > 0 ? [...problems] : ['the backend cannot be reached'];
}

function workerProblems({ workers }: Overview): string[] {
  return workers.some(({ draining }) => !draining) ? [] : ['no worker has been seen lately'];
}

function chainProblems({ chains }: Overview): string[] {
  return chains.flatMap(({ chainId, problem }) =>
    problem === null ? [] : [`chain ${chainId}: ${problem}`],
  );
}

/** Asked once, however many checks want it. */
function attempt<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
