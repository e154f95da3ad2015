/** The HTTP service of a running service. */
import { readFile, stat } from 'node:fs/promises';
import { InputError, type Logger } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import type { Overview } from '@zkinfer/core/service';
import { ApiKeys } from '../api-keys/api-keys.ts';
import { DASHBOARD_DIRECTORY } from '../dashboard/dashboard-directory.ts';
import type { UrlFetcher } from '../fetch-url/url-fetcher.ts';
import { createHttpService } from '../http/http-service.ts';
import type { TlsOptions } from '../http/service-ports.ts';
import type { CloseInOrder } from './close-in-order.ts';
import { dataLayout } from './data-layout.ts';
import type { Foundation } from './foundation.ts';
import type { ServiceConfig } from './service-config.ts';
import { serviceQuote } from './service-quote.ts';

/** What it serves. */
export interface HttpParts extends Foundation {
  readonly urls: UrlFetcher;
  readonly overview: () => Promise<Overview>;
  readonly logger: Logger;
  readonly parts: CloseInOrder;
}

/**
 * Begins to answer; where.
 * @throws InputError QUEUE_NO_API_KEYS, QUEUE_HTTP_ANONYMOUS, CORE_FILE_MISSING; EnvironmentError
 *   QUEUE_HTTP_LISTEN
 */
export async function openHttp(config: ServiceConfig, open: HttpParts): Promise<string> {
  const { http } = config;
  const { store, pipeline, backend, blobs, shelf, urls, logger, parts } = open;
  const keys = await openKeys(config, logger);
  const service = await createHttpService({
    store,
    pipeline,
    backend,
    blobs,
    models: open.models,
    modelFiles: open.modelFiles,
    envelopes: shelf,
    urls,
    keys,
    quotes: (modelDigest) => serviceQuote(modelDigest, open),
    overview: open.overview,
    dashboard: { directory: DASHBOARD_DIRECTORY },
    logger,
    host: http.host,
    port: http.port,
    anonymous: http.anonymous,
    origins: http.origins,
    ...(http.trustProxy.length === 0 ? {} : { trustProxy: http.trustProxy }),
    ...(http.tls === undefined ? {} : { tls: await readTls(http.tls) }),
  });
  parts.add('HTTP', service, (running) => running.close());
  return service.listen();
}

async function openKeys({ http, dataDirectory }: ServiceConfig, logger: Logger): Promise<ApiKeys> {
  const path = http.apiKeys ?? dataLayout(dataDirectory).apiKeys;
  if (await isThere(path)) return ApiKeys.open(path, { logger });
  if (http.anonymous) return ApiKeys.none();
  throw new InputError({
    code: 'QUEUE_NO_API_KEYS',
    what: `there are no API keys in ${path}`,
    hint: 'Make one with `zkinfer api-key create`, or serve one person with `--anonymous`.',
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function readTls(files: NonNullable<ServiceConfig['http']['tls']>): Promise<TlsOptions> {
  const read = (path: string) =>
    readFile(path).catch((cause: unknown) => {
      throw readError(cause, path);
    });
  const { certificate, privateKey } = files;
  return { certificate: await read(certificate), privateKey: await read(privateKey) };
}
