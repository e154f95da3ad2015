/** The Fastify instance that the routes are added to: how requests are read and answers written. */
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import { type HttpLimits, SMALL_BODY_BYTES } from './http-limits.ts';
import { requestIdOf } from './request-ids.ts';
import type { TlsOptions } from './service-ports.ts';

/** Slow clients are looked for so often. */
const CHECK_INTERVAL_MS = 1_000;

/** Longer than any id or digest of ours. */
const LONGEST_PARAMETER = 200;

/** What an app is made for. */
export interface ServiceAppOptions {
  readonly limits: HttpLimits;
  readonly tls?: TlsOptions | undefined;
  readonly trustProxy?: readonly string[] | undefined;
}

/** An app whose schemas are typebox's. */
export type ServiceApp = ReturnType<typeof createServiceApp>;

/** Without routes. */
export function createServiceApp({ limits, tls, trustProxy = [] }: ServiceAppOptions) {
  const timeouts = {
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
  };
  const app = fastify({
    ...(tls === undefined
      ? { http: timeouts }
      : { https: { ...timeouts, cert: tls.certificate, key: tls.privateKey } as never }),
    // What is logged is chosen in one place: see request-log.ts.
    logger: false,
    bodyLimit: SMALL_BODY_BYTES,
    requestTimeout: limits.requestTimeoutMs,
    genReqId: requestIdOf,
    requestIdHeader: false,
    trustProxy: [...trustProxy],
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    // Ajv as Fastify sets it up would drop unknown keys and bend types in silence.
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .setSerializerCompiler(() => JSON.stringify);
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('identity', null);
  app.server.maxConnections = limits.connections;
  return app;
}
