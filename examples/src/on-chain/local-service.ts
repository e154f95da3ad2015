/** A service of one's own beside a local market: HTTP, chain and one worker, in this process. */
import { join } from 'node:path';
import { ServiceClient } from '@zkinfer/client';
import { createApiKey, loadServiceConfig, openService, type RunningService } from '@zkinfer/queue';
import { CONTRACTS_VERSION } from '@zkinfer/verifier-contracts';
import { ROOT } from '../zkinfer-step.ts';
import { ACCOUNT, CHAIN_FOLDER, type LocalMarket } from './local-market.ts';

/** Runs until it is disposed of. */
export class LocalService implements AsyncDisposable {
  /** With an API key. */
  readonly client: ServiceClient;
  readonly url: string;
  readonly #running: RunningService;

  private constructor(running: RunningService, apiKey: string) {
    this.#running = running;
    this.url = running.url;
    this.client = new ServiceClient({ url: running.url, apiKey });
  }

  /**
   * Serves the models of a folder to a market; its worker's account settles and is paid.
   * @param models below the root folder
   * @throws as `openService`
   */
  static async start({ chain }: LocalMarket, models: string): Promise<LocalService> {
    const folder = join(ROOT, CHAIN_FOLDER);
    const apiKeys = join(folder, 'api-keys.json');
    const { key } = await createApiKey(apiKeys, { name: 'agent', roles: ['client'] });
    const served = {
      rpc: [chain.url],
      deployments: folder,
      confirmations: 1,
      pollSeconds: 0.2,
      signer: { account: ACCOUNT.worker },
      batching: { windowSeconds: 0 },
    };
    const overrides = {
      dataDirectory: join(folder, 'service'),
      models: join(ROOT, models),
      http: { port: 0, apiKeys },
      chains: [served],
    };
    const config = await loadServiceConfig({ overrides });
    return new LocalService(await openService(config, { version: CONTRACTS_VERSION }), key);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#running.close();
  }
}
