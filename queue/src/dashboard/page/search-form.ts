/** Finds a job by its id, or by the id of its request on any of the chains. */
import { jobFragment, searchTarget } from '../figures/job-address.ts';
import { byId, setText } from './element.ts';
import { fetchJob, fetchRequest, RefusalError } from './service-client.ts';

/** Opens the job that is found. @param chainIds the chains that are served now */
export function wireSearch(chainIds: () => readonly string[]): void {
  const text = byId('search-text', HTMLInputElement);
  const answer = byId('search-answer', HTMLElement);
  byId('search', HTMLFormElement).addEventListener('submit', async (event) => {
    event.preventDefault();
    setText(answer, 'Looking …');
    const found = await findJob(text.value, chainIds()).catch(
      (error: unknown) => `The search failed: ${(error as Error).message}.`,
    );
    setText(answer, typeof found === 'string' ? found : '');
    if (typeof found === 'object') location.hash = jobFragment(found.id);
  });
}

/** The job's id, or in words why there is none. */
async function findJob(
  text: string,
  chainIds: readonly string[],
): Promise<{ id: string } | string> {
  const target = searchTarget(text);
  if (target.kind === 'nothing') {
    return 'That is no id: jobs begin with r- or h-, requests are 64 hexadecimal digits.';
  }
  const attempts =
    target.kind === 'job'
      ? [fetchJob(target.id)]
      : chainIds.map((chainId) => fetchRequest(chainId, target.requestId));
  const answers = await Promise.all(attempts.map((attempt) => attempt.catch(nothingIfNotFound)));
  return answers.find((job) => job !== undefined) ?? 'There is no such job here.';
}

function nothingIfNotFound(error: unknown): undefined {
  if (error instanceof RefusalError && error.status === 404) return undefined;
  throw error;
}
