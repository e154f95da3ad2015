/** The built page in a real browser, watched for everything that must not happen. */
import { readFile } from 'node:fs/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Of page/testing/page-checks.ts; sets `pageChecks`. */
const CHECKS = new URL('./page-checks.iife.js', import.meta.url);

/** Tells violations of the Content-Security-Policy, which no other event tells of. */
const WATCH_POLICY = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('policy violated: ' + violatedDirective + ' ' + blockedURI))`;

/** A page of a test. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors on the console, exceptions, violations of the policy, requests to others. */
  readonly complaints: readonly string[];
  /** Calls a function of page-checks.ts in the browser. */
  check<Result>(call: string): Promise<Result>;
}

/** The browser at this path; anything that it wants from elsewhere fails. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath });
}

/** Opens the page with this window and these preferences. */
export async function openWatchedPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  // On a busy machine everything takes long: what hangs is ended by the runner of the tests.
  context.setDefaultTimeout(0);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => {
    const wanted = request.url();
    if (!wanted.startsWith(new URL('/', url).href) && !wanted.startsWith('blob:')) {
      complaints.push(`foreign: ${wanted}`);
    }
  });
  await page.addInitScript(WATCH_POLICY);
  await page.goto(url);
  const checks = await readFile(CHECKS, 'utf8');
  const check = <Result>(call: string) => page.evaluate<Result>(`${checks}; pageChecks.${call}`);
  return { page, complaints, check };
}
