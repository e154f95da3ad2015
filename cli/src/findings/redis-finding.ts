import { inspectRedis } from '@zkinfer/queue';
import { failedFinding } from './failed-finding.ts';
import type { Finding } from './finding.ts';

const SUBJECT = 'Redis';

/** Whether a Redis answers and may be trusted with a queue. */
export async function redisFinding(url: string): Promise<Finding> {
  try {
    const { version, unfit, unwise } = await inspectRedis(url);
    if (unfit !== undefined) return failedFinding(SUBJECT, unfit);
    const found = `${version}, noeviction`;
    if (unwise.length === 0)
      return { subject: SUBJECT, state: 'ok', found: `${found}, appendonly` };
    const advice = `${unwise.join('; ')}. See deploy/redis.conf.`;
    return { subject: SUBJECT, state: 'note', found, advice };
  } catch (error) {
    return failedFinding(SUBJECT, error);
  }
}
