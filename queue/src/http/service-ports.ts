/** What the HTTP service needs of the rest of a running service. */
import type { Logger } from '@zkinfer/core';
import type { ModelDescription, Overview, Quote } from '@zkinfer/core/service';
import type { ApiKeys } from '../api-keys/api-keys.ts';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { ModelStore } from '../artifacts/model-store.ts';
import type { JobBackend } from '../backend/job-backend.ts';
import type { UrlFetcher } from '../fetch-url/url-fetcher.ts';
import type { EnvelopeShelf } from '../inputs/envelope-shelf.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import type { Store } from '../store/store.ts';
import type { HttpLimits } from './http-limits.ts';

/** The models that are served, described. */
export interface ModelCatalogue {
  list(): Promise<readonly ModelDescription[]>;
  get(modelDigest: string): Promise<ModelDescription | undefined>;
}

/** A certificate and its key, PEM. */
export interface TlsOptions {
  readonly certificate: string | Buffer;
  readonly privateKey: string | Buffer;
}

/** What an HTTP service serves, and where. */
export interface HttpServiceOptions {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly backend: JobBackend;
  readonly blobs: BlobStore;
  readonly models: ModelCatalogue;
  /** Where workers on other machines get models from. */
  readonly modelFiles: ModelStore;
  /** Keeps inputs of requests on chain. */
  readonly envelopes: Pick<EnvelopeShelf, 'keep'>;
  /** Posts webhooks. */
  readonly urls: Pick<UrlFetcher, 'requireFetchable' | 'postJson'>;
  readonly keys: ApiKeys;
  readonly quotes: (modelDigest: string) => Promise<Quote>;
  readonly overview: () => Promise<Overview>;
  /** Static files for operators at /dashboard/; none unless told. */
  readonly dashboard?: { readonly directory: URL };
  readonly logger?: Logger;
  readonly limits?: Partial<HttpLimits>;
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** 8080 unless told; 0 takes a free one. */
  readonly port?: number;
  readonly tls?: TlsOptions;
  /** Addresses of proxies whose X-Forwarded headers count; none unless told. */
  readonly trustProxy?: readonly string[];
  /** Origins whose pages may call it with an API key, such as https://app.example; none unless told. */
  readonly origins?: readonly string[];
  /**
   * Whether requests without a key may do everything: for one person's machine. Refused for other
   * hosts than loopback, and behind proxies.
   */
  readonly anonymous?: boolean;
}
