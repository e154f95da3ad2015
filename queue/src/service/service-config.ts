/**
 * What a service is told: a JSON file, and options that override it. Everything has a default but
 * the chains; what is secret is named (a file, a variable) rather than written.
 */
import { resolve } from 'node:path';
import { CLOSED, HexDigestSchema } from '@zkinfer/core/service';
import Type, { type Static } from 'typebox';
import { ChainConfigSchema, signerSourceOf } from './chain-config.ts';
import { configError, readConfigSchema } from './read-config-schema.ts';

const PortSchema = Type.Integer({ minimum: 0, maximum: 65_535 });

const RedisSchema = Type.Object(
  {
    /** redis:// or rediss://; with a password in it, rather `urlFile`. */
    url: Type.Optional(Type.String({ pattern: '^rediss?://' })),
    urlFile: Type.Optional(Type.String()),
    /** Before all keys: services that share a Redis have different ones. */
    prefix: Type.String({ minLength: 1, default: '{zkinfer}' }),
    /** How long a worker that died keeps its tasks. */
    lockSeconds: Type.Integer({ minimum: 1, maximum: 3600, default: 30 }),
  },
  CLOSED,
);

const HttpSchema = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1' }),
    /** 0 takes a free one. */
    port: Type.Integer({ ...PortSchema, default: 8080 }),
    /** Of `zkinfer api-key`; in the data directory unless told. */
    apiKeys: Type.Optional(Type.String()),
    /** Whether whoever reaches the loopback needs no key: for one person's machine. */
    anonymous: Type.Boolean({ default: false }),
    /** Addresses of proxies whose X-Forwarded headers count. */
    trustProxy: Type.Array(Type.String(), { default: [] }),
    /** Origins whose pages may call it with an API key, such as `https://app.example`. */
    origins: Type.Array(Type.String({ pattern: '^https?://[^/\\s]+$' }), { default: [] }),
    /** PEM files; without, TLS is for a proxy to end. */
    tls: Type.Optional(
      Type.Object({ certificate: Type.String(), privateKey: Type.String() }, CLOSED),
    ),
  },
  { ...CLOSED, default: {} },
);

const WorkersSchema = Type.Object(
  {
    /** Tasks at a time that this process does itself; 0 leaves them to `zkinfer worker`. */
    embedded: Type.Integer({ minimum: 0, maximum: 64, default: 1 }),
    /** For decoded keys. */
    memoryMegabytes: Type.Integer({ minimum: 64, default: 2048 }),
    engine: Type.String({ default: 'auto' }),
  },
  { ...CLOSED, default: {} },
);

const FetchSchema = Type.Object(
  {
    /** Origins that inputs may come from though they are private, such as `http://10.0.0.5:9000`. */
    allow: Type.Array(Type.String({ pattern: '^https?://[^/\\s]+$' }), { default: [] }),
  },
  { ...CLOSED, default: {} },
);

const RetentionSchema = Type.Object(
  {
    /** Jobs that are through, and idempotency keys with them. */
    doneDays: Type.Number({ exclusiveMinimum: 0, default: 7 }),
    /** Jobs that failed or were parked: longer, so that someone can look at them. */
    failedDays: Type.Number({ exclusiveMinimum: 0, default: 30 }),
  },
  { ...CLOSED, default: {} },
);

/** The configuration of `zkinfer serve`. Paths are relative to its file. */
export const ServiceConfigSchema = Type.Object(
  {
    /** Jobs, nonces, checkpoints, inputs and proofs: everything that must survive. */
    dataDirectory: Type.String({ minLength: 1, default: 'zkinfer-data' }),
    /** A folder with a compiled directory for each model, keys included. */
    models: Type.String({ minLength: 1, default: 'artifacts' }),
    /** The models that are served, all unless told. */
    allowModels: Type.Optional(Type.Array(HexDigestSchema)),
    /** The queue of several processes; without, this process does everything. */
    redis: Type.Optional(RedisSchema),
    http: HttpSchema,
    chains: Type.Array(ChainConfigSchema, { default: [] }),
    workers: WorkersSchema,
    fetch: FetchSchema,
    retention: RetentionSchema,
  },
  CLOSED,
);

/** The configuration of a service; all paths are absolute. */
export type ServiceConfig = Static<typeof ServiceConfigSchema>;

/**
 * Fills in the defaults and resolves the paths.
 * @param folder what paths are relative to
 * @param what names the configuration in errors
 * @throws InputError QUEUE_CONFIG naming the key, never a value
 */
export function readServiceConfig(value: unknown, folder: string, what: string): ServiceConfig {
  const config = readConfigSchema(ServiceConfigSchema, value, what);
  requireSense(config, what);
  return withAbsolutePaths(config, (path) => resolve(folder, path));
}

/** What the schema cannot say. */
function requireSense({ redis, http, chains, workers }: ServiceConfig, what: string): void {
  if (redis !== undefined && (redis.url === undefined) === (redis.urlFile === undefined)) {
    throw configError(what, 'redis', 'exactly one of url and urlFile');
  }
  if (http.anonymous && http.trustProxy.length > 0) {
    const problem = 'behind a proxy everybody comes from the loopback: not with http.trustProxy';
    throw configError(what, 'http.anonymous', problem);
  }
  if (redis === undefined && workers.embedded === 0) {
    throw configError(what, 'workers.embedded', 'without redis nobody else can do the work');
  }
  chains.forEach((chain, i) => {
    signerSourceOf(chain, what, `chains[${i}]`);
  });
}

function withAbsolutePaths(
  config: ServiceConfig,
  absolute: (path: string) => string,
): ServiceConfig {
  const optional = <Key extends string>(part: { readonly [K in Key]?: string }, ...keys: Key[]) =>
    Object.fromEntries(
      keys.flatMap((key) => (part[key] === undefined ? [] : [[key, absolute(part[key])]])),
    );
  const { redis, http, chains } = config;
  const { tls } = http;
  return {
    ...config,
    dataDirectory: absolute(config.dataDirectory),
    models: absolute(config.models),
    ...(redis === undefined ? {} : { redis: { ...redis, ...optional(redis, 'urlFile') } }),
    http: {
      ...http,
      ...optional(http, 'apiKeys'),
      ...(tls === undefined
        ? {}
        : { tls: { ...tls, ...optional(tls, 'certificate', 'privateKey') } }),
    },
    chains: chains.map((chain) => ({
      ...chain,
      deployments: absolute(chain.deployments),
      signer: { ...chain.signer, ...optional(chain.signer, 'keystore', 'passwordFile') },
    })),
  };
}
