/**
 * Signatures of webhooks: `Zkinfer-Signature: t=<Unix seconds>,v1=<hex>`, the HMAC-SHA256 of
 * `<t>.<body>` under the secret that was told with the API key. The time in it keeps an old webhook
 * from being sent again by somebody who has seen it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { InputError } from '@zkinfer/core';

/** The header of the signature. */
export const SIGNATURE_HEADER = 'zkinfer-signature';

/** The header of the delivery's id: the same for all tries, another for every end of a job. */
export const DELIVERY_HEADER = 'zkinfer-delivery';

const SIGNATURE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;
const SECOND = 1_000;
const DEFAULT_TOLERANCE_S = 300;

/**
 * The header's value for a body.
 * @param secret 64 hexadecimal digits, used as text
 * @param now milliseconds since 1970
 */
export function signWebhook(secret: string, body: string, now = Date.now()): string {
  const time = `${Math.floor(now / SECOND)}`;
  return `t=${time},v1=${digest(secret, time, body).toString('hex')}`;
}

/**
 * For receivers: resolves nothing, throws unless the body is what the service signed lately.
 * @param header of SIGNATURE_HEADER
 * @param body as it was received, byte by byte: before it is parsed
 * @param options.toleranceS how far the clocks may be apart, 300 s unless told
 * @throws InputError QUEUE_WEBHOOK_SIGNATURE, QUEUE_WEBHOOK_TIME
 */
export function verifyWebhook(
  secret: string,
  header: string | undefined,
  body: string,
  options: { readonly toleranceS?: number; readonly now?: number } = {},
): void {
  const { toleranceS = DEFAULT_TOLERANCE_S, now = Date.now() } = options;
  const [, time, given] = SIGNATURE.exec(header ?? '') ?? [];
  if (time === undefined || given === undefined) throw signatureError();
  const expected = digest(secret, time, body);
  if (!timingSafeEqual(expected, Buffer.from(given, 'hex'))) throw signatureError();
  if (Math.abs(now / SECOND - Number(time)) <= toleranceS) return;
  throw new InputError({
    code: 'QUEUE_WEBHOOK_TIME',
    what: 'the webhook was signed at another time',
    expected: `within ${toleranceS} s`,
    hint: 'Compare the clocks; else it is an old one, sent again by somebody else.',
  });
}

function digest(secret: string, time: string, body: string): Buffer {
  return createHmac('sha256', secret).update(`${time}.${body}`).digest();
}

function signatureError(): InputError {
  return new InputError({
    code: 'QUEUE_WEBHOOK_SIGNATURE',
    what: 'the webhook is not signed by the service',
    expected: `a header ${SIGNATURE_HEADER} of this body under this secret`,
  });
}
