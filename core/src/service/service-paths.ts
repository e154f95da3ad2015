/** Where the service answers; `:name` stands for one segment. */
export const SERVICE_PATHS = {
  models: '/v1/models',
  model: '/v1/models/:modelDigest',
  quotes: '/v1/quotes',
  envelopes: '/v1/envelopes',
  jobs: '/v1/jobs',
  job: '/v1/jobs/:id',
  /** Server-sent events, each a JobView; the stream ends with the job. */
  jobUpdates: '/v1/jobs/:id/updates',
  jobResult: '/v1/jobs/:id/result',
  jobCancel: '/v1/jobs/:id/cancel',
  /** The job of a request on chain. */
  request: '/v1/requests/:chainId/:requestId',
  overview: '/v1/operator/overview',
  operatorJobs: '/v1/operator/jobs',
  operatorRetry: '/v1/operator/jobs/:id/retry',
  /** For workers on other machines. */
  blob: '/v1/blobs/:sha256',
  modelFile: '/v1/models/:modelDigest/files/:name',
  health: '/healthz',
  ready: '/readyz',
  metrics: '/metrics',
  openApi: '/openapi.json',
  dashboard: '/dashboard/',
  /** The page where a browser trades an API key for a session; its `next` is where to go then. */
  login: '/login',
  /** Ends a browser's session, by POST. */
  logout: '/logout',
} as const;

/** Fills in the segments of a path. */
export function servicePath(
  name: keyof typeof SERVICE_PATHS,
  segments: Readonly<Record<string, string>> = {},
): string {
  return SERVICE_PATHS[name].replace(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(segments[key]!),
  );
}

/** Of `POST /v1/jobs`: float32 little-endian, all inputs in order; the query names the model. */
export const REALS_CONTENT_TYPE = 'application/vnd.zkinfer.float32';

/** URIs of envelopes that a service was given: this and the inputHash in decimal digits. */
export const ENVELOPE_URI_PREFIX = 'zkinfer:input/';
