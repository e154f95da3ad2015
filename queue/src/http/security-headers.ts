/** What browsers are told to refuse. */
import { createHash } from 'node:crypto';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { ServiceApp } from './service-app.ts';

/** For a page without scripts whose one style sheet is in it. */
export function policyOfStyle(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** For all answers: they are data, not pages, and show nothing wherever they are opened. */
export async function addSecurityHeaders(app: ServiceApp): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // With no-referrer, browsers hide the origin of forms, which is checked.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
}

/** Another policy for the pages of a scope. */
export function setPolicy(scope: FastifyInstance, policy: string): void {
  scope.addHook('onSend', async (_, reply) => {
    reply.header('content-security-policy', policy);
  });
}
