import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { signWebhook, verifyWebhook } from './webhook-signature.ts';

const SECRET = 'ab'.repeat(32);
const BODY = '{"id":"h-1"}';
const NOW = 1_770_000_000_999;
const forged = { code: 'QUEUE_WEBHOOK_SIGNATURE' };
const late = { code: 'QUEUE_WEBHOOK_TIME' };

test('a signature is the HMAC of the time and the body, and is taken by its receiver', () => {
  const header = signWebhook(SECRET, BODY, NOW);
  const hmac = createHmac('sha256', SECRET).update(`1770000000.${BODY}`).digest('hex');
  assert.equal(header, `t=1770000000,v1=${hmac}`);
  verifyWebhook(SECRET, header, BODY, { now: NOW });
});

test('another body, secret or time is refused', () => {
  const header = signWebhook(SECRET, BODY, NOW);
  const now = NOW;
  assert.throws(() => verifyWebhook(SECRET, header, `${BODY} `, { now }), forged);
  assert.throws(() => verifyWebhook('cd'.repeat(32), header, BODY, { now }), forged);
  const moved = header.replace('t=1770000000', 't=1770000001');
  assert.throws(() => verifyWebhook(SECRET, moved, BODY, { now }), forged);
});

test('what is no signature is refused', () => {
  const header = signWebhook(SECRET, BODY, NOW);
  const [time, digest] = header.split(',') as [string, string];
  for (const bad of [
    undefined,
    '',
    time,
    digest,
    `${digest},${time}`,
    header.slice(0, -1),
    header.toUpperCase(),
    `${header},v1=00`,
    `t=,${digest}`,
  ]) {
    assert.throws(() => verifyWebhook(SECRET, bad, BODY, { now: NOW }), forged);
  }
});

test('an old one that is sent again is refused, as is one from the future', () => {
  const header = signWebhook(SECRET, BODY, NOW);
  verifyWebhook(SECRET, header, BODY, { now: NOW + 299_000 });
  for (const now of [NOW + 302_000, NOW - 302_000]) {
    assert.throws(() => verifyWebhook(SECRET, header, BODY, { now }), late);
  }
  assert.throws(
    () => verifyWebhook(SECRET, header, BODY, { now: NOW + 9_000, toleranceS: 5 }),
    late,
  );
});
