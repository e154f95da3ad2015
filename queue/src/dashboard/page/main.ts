/** The dashboard: asks the service for figures while somebody looks, and shows them. */
import type { Overview } from '@zkinfer/core/service';
import { ChainsView } from './chains-view.ts';
import { ChartsView } from './charts-view.ts';
import { HeaderView } from './header-view.ts';
import { JobDialog } from './job-dialog.ts';
import { JobsView } from './jobs-view.ts';
import { wireSearch } from './search-form.ts';
import { fetchJobs, fetchOverview, RefusalError } from './service-client.ts';
import { ServiceClock } from './service-clock.ts';
import { StagesView } from './stages-view.ts';
import { showTiles } from './tiles-view.ts';
import { VisiblePoll } from './visible-poll.ts';
import { WorkersView } from './workers-view.ts';

const INTERVAL_MS = 2_000;
const LONGEST_INTERVAL_MS = 30_000;

const clock = new ServiceClock();
const header = new HeaderView();
const charts = new ChartsView();
const stages = new StagesView();
const workers = new WorkersView();
const chains = new ChainsView();
const jobs = new JobsView(() => poll.now());
const dialog = new JobDialog(clock);
let chainIds: readonly string[] = [];

const poll = new VisiblePoll({
  intervalMs: INTERVAL_MS,
  longestMs: LONGEST_INTERVAL_MS,
  round: async () => {
    const query = jobs.query;
    const [overview, list] = await Promise.all([
      fetchOverview(),
      fetchJobs(query).catch(refusalOnly),
    ]);
    clock.take(overview.at);
    show(overview);
    if (list instanceof RefusalError) jobs.showRefusal(query, list.message);
    else jobs.show(query, list, overview.at);
  },
  failed: (error, delayMs) => header.showSilence((error as Error).message, delayMs),
});

wireSearch(() => chainIds);

/** A refused list leaves the figures; a service that is silent is silent about all. */
function refusalOnly(error: unknown): RefusalError {
  if (error instanceof RefusalError && error.status >= 400) return error;
  throw error;
}

function show(overview: Overview): void {
  chainIds = [...new Set(overview.chains.map(({ chainId }) => chainId))];
  header.show(overview);
  showTiles(overview);
  charts.show(overview.minutes);
  stages.show(overview);
  workers.show(overview);
  chains.show(overview);
  jobs.showCounts(overview);
  dialog.refresh(overview);
}
