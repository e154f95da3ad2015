/** What an operator asks a service over HTTP, and does with what is parked. */
import {
  type JobList,
  type JobView,
  type Overview,
  SERVICE_PATHS,
  servicePath,
} from '@zkinfer/core/service';

/** Over a service that asks for no keys. */
export class ServiceMonitor {
  /** Where the service is; another place after each start. */
  url = '';
  /** Jobs that were parked, and retried. */
  retried = 0;

  async overview(): Promise<Overview> {
    return this.#get(SERVICE_PATHS.overview);
  }

  /** The job of a request on the chain, as text; whatever the service says. */
  async jobOf(requestId: string): Promise<string> {
    const path = servicePath('request', { chainId: '31337', requestId });
    return JSON.stringify(await this.#get(path));
  }

  /** Tries again what was parked, as operators do once they have looked at it. */
  async retryParked(): Promise<void> {
    const { jobs }: JobList = await this.#get(`${SERVICE_PATHS.operatorJobs}?status=parked`);
    await Promise.all(jobs.map((job) => this.#retry(job)));
  }

  /** Whether nothing is under way any more. */
  async isAtRest(): Promise<boolean> {
    const { jobs, chains } = await this.overview();
    const active = jobs.find(({ status }) => status === 'active')?.count ?? 0;
    const open = chains.map(({ openRequests, pendingTransactions }) => {
      return openRequests + pendingTransactions;
    });
    return active === 0 && open.every((count) => count === 0);
  }

  async #retry({ id }: JobView): Promise<void> {
    const answer = await fetch(this.url + servicePath('operatorRetry', { id }), { method: 'POST' });
    if (answer.ok) this.retried += 1;
  }

  async #get<Answer>(path: string): Promise<Answer> {
    return (await (await fetch(this.url + path)).json()) as Answer;
  }
}
