import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, beforeEach, test } from 'node:test';
import type { JobView } from '@zkinfer/core/service';
import { chromiumPath, waitUntil } from '@zkinfer/core/testing';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, openWatchedPage, type WatchedPage } from './testing/dashboard-browser.ts';
import { DashboardServer } from './testing/dashboard-server.ts';
import { emptyOverview, HOSTILE, sampleJobs, sampleOverview } from './testing/sample-figures.ts';

const WIDE = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 740 } };
const DARK = { ...WIDE, colorScheme: 'dark' } as const;

/** Of the page's own rhythm; the clock is wound, not waited for. */
const ROUND_MS = 2_000;

const path = chromiumPath('the tests of the dashboard in a browser');
if (path !== undefined) await testDashboard(path);

async function testDashboard(executablePath: string): Promise<void> {
  const browser = await launchBrowser(executablePath);
  const server = await DashboardServer.start();
  const open = async (options: BrowserContextOptions, fragment = ''): Promise<WatchedPage> => {
    const watched = await openWatchedPage(browser, server.url + fragment, options);
    await watched.page.waitForFunction(
      `document.querySelector('#version').textContent === '0.1.0'`,
    );
    return watched;
  };
  after(async () => {
    await browser.close();
    await server.stop();
  });
  beforeEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    server.reset();
  });

  test('tiles, stages, workers, chains and jobs show what the service tells', async () => {
    const { page, complaints } = await open(WIDE);
    await page.waitForSelector('#jobs-table tbody tr');
    assert.equal(await page.textContent('#waiting'), '49');
    assert.equal(await page.textContent('#running'), '8');
    assert.equal(await page.textContent('#failed'), '2');
    assert.equal(await page.textContent('#backend'), 'bullmq ok');
    assert.deepEqual(await cells(page, '#stages-table tr:nth-child(3)'), [
      ...['provemake the proof', '', '3', '31', '2', '6.2 s', '15 s', '21 s', '651'],
    ]);
    assert.deepEqual(await texts(page, '#workers-table .badge'), ['busy', 'draining', 'stale']);
    const chain = await cells(page, '#chains-table tbody tr:first-child');
    assert.deepEqual(chain.slice(3), [
      '21,408,113',
      '21,408,101',
      '44',
      '2',
      '1.893',
      '0.412',
      'none',
    ]);
    assert.equal((await texts(page, '#jobs-table tbody tr')).length, 11);
    assert.deepEqual(complaints, []);
  });

  test('every chart has a line of each of its colours, in light and in dark', async () => {
    for (const options of [WIDE, DARK]) {
      const { check } = await open(options);
      for (const [chart, colors] of Object.entries(CHART_COLORS)) {
        for (const color of colors) {
          const pixels = await check<number>(`pixelsOf('${chart}', '${color}')`);
          assert.ok(pixels > 50, `${chart} ${color}: ${pixels} pixels`);
        }
      }
    }
  });

  test('an open page whose colour scheme changes draws its charts anew', async () => {
    const { page, check } = await open(WIDE);
    await page.emulateMedia({ colorScheme: 'dark' });
    await waitUntil(async () => (await check<number>("pixelsOf('gas', '--violet')")) > 50);
  });

  test('hostile texts are shown as they are, and do nothing', async () => {
    const { page, complaints } = await open(WIDE);
    await page.click('text=h-c4c4');
    await page.waitForSelector('#job-facts .fact');
    for (const list of [
      '#alerts',
      '#workers-table',
      '#chains-table',
      '#jobs-table',
      '#job-facts',
    ]) {
      assert.ok((await page.textContent(list))?.includes(HOSTILE), `${list} lacks the text`);
    }
    assert.equal(await page.evaluate('globalThis.hacked'), undefined);
    assert.equal(await page.locator('img').count(), 1);
    assert.deepEqual(complaints, []);
  });

  test('the policy keeps what would be markup or script from running', async () => {
    const { page, complaints } = await open(WIDE);
    const inject = `document.body.innerHTML = ${JSON.stringify(HOSTILE)}`;
    await assert.rejects(page.evaluate(inject), /TrustedHTML/);
    await waitUntil(() => complaints.some((one) => one.startsWith('policy violated')));
  });

  for (const [name, options] of Object.entries({ wide: WIDE, phone: PHONE, dark: DARK })) {
    test(`all texts can be read, and nothing sticks out: ${name}`, async () => {
      const { page, check } = await open(options);
      await page.waitForSelector('#jobs-table tbody tr');
      assert.deepEqual(await check('faintTexts()'), []);
      assert.deepEqual(await check('tooWide()'), []);
      await page.goto(`${server.url}#/jobs/${fulfilled().id}`);
      await page.waitForSelector('#job-proof .actions');
      assert.deepEqual(await check('faintTexts()'), []);
      assert.deepEqual(await check('tooWide()'), []);
    });
  }

  test('a job shows its timeline, hashes, proof and transaction', async () => {
    const { page, complaints } = await open(WIDE, `#/jobs/${fulfilled().id}`);
    await page.waitForSelector('#job-proof .actions');
    const stages = await texts(page, '#job-timeline .quiet');
    assert.deepEqual(stages, ['90 ms', '40 ms', '6.3 s', '500 ms', '26 s', 'not needed']);
    const lefts = await page.locator('#job-timeline .try').evaluateAll(LEFTS);
    assert.deepEqual(
      lefts,
      lefts.toSorted((a, b) => a - b),
    );
    const text = (await page.textContent('#job-body')) ?? '';
    const { inputHash, outputHash, chain } = fulfilled();
    for (const part of [inputHash, outputHash, chain?.transactionHash, 'virginica (2)', '211.5K']) {
      assert.ok(text.includes(part!), `${part} is not shown`);
    }
    assert.deepEqual(complaints, []);
  });

  test('proof.json and public.json are downloaded as the service gave them', async () => {
    const { page } = await open({ ...WIDE, acceptDownloads: true }, `#/jobs/${fulfilled().id}`);
    const proof = await downloaded(page, 'Download proof.json');
    assert.equal((proof as { protocol: string }).protocol, 'groth16');
    assert.deepEqual(await downloaded(page, 'Download public.json'), ['5129', '7718', '0']);
  });

  test('hashes are copied in full', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page } = await open({ ...WIDE, permissions }, `#/jobs/${fulfilled().id}`);
    await page.getByRole('button', { name: 'Copy: Input hash' }).click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    assert.equal(copied, fulfilled().inputHash);
  });

  test('an open job follows its updates until it has ended', async () => {
    const job = proving();
    const { page } = await open(WIDE, `#/jobs/${job.id}`);
    await waitUntil(() => server.openStreams === 1);
    assert.equal(await page.textContent('#job-status'), 'active');
    server.push({ ...job, status: 'expired', outcomeCode: 'QUEUE_DEADLINE_PASSED' });
    await page.getByText('Ended at prove: expired.').waitFor();
    await waitUntil(() => server.openStreams === 0);
  });

  test('a parked job is retried by the second press, not by the first', async () => {
    const { page } = await open(WIDE, `#/jobs/${parked().id}`);
    const posts = () => server.asked.filter((request) => request.startsWith('POST'));
    await page.getByRole('button', { name: 'Retry this job' }).click();
    const button = page.getByRole('button', { name: 'Really retry it?' });
    await button.waitFor();
    assert.deepEqual(posts(), []);
    await button.click();
    await page.getByText('the service has taken it').waitFor();
    assert.deepEqual(posts(), [`POST /v1/operator/jobs/${parked().id}/retry`]);
  });

  test('a job that has sent a transaction cannot be cancelled, one before that can', async () => {
    const { page } = await open(WIDE, `#/jobs/${proving().id}`);
    await page.getByRole('button', { name: 'Cancel this job' }).waitFor();
    await page.goto(`${server.url}#/jobs/${fulfilled().id}`);
    await page.waitForSelector('#job-proof .actions');
    assert.equal(await page.locator('#job-actions button').count(), 0);
  });

  test('jobs are filtered by status', async () => {
    const { page } = await open(WIDE);
    await page.getByRole('button', { name: 'parked 1' }).click();
    await page.waitForFunction(`document.querySelectorAll('#jobs-table tbody tr').length === 1`);
    await page.getByRole('button', { name: 'expired 14' }).click();
    await page.getByText('No job is expired.').waitFor();
  });

  test('jobs are found by the id of their request, and what is not there is said so', async () => {
    const { page } = await open(WIDE);
    await search(page, fulfilled().chain!.requestId.slice(2).toUpperCase());
    await page.waitForFunction(`location.hash === '#/jobs/${fulfilled().id}'`);
    await page.keyboard.press('Escape');
    await search(page, 'f'.repeat(64));
    await page.getByText('There is no such job here.').waitFor();
    await search(page, '../../secret');
    await page.getByText('That is no id').waitFor();
  });

  test('everything can be reached and left by the keyboard, and the focus can be seen', async () => {
    const { page } = await open(WIDE);
    await page.waitForSelector('#jobs-table tbody tr');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.className'), 'skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate('document.activeElement.id'), 'main');
    const link = `document.activeElement.closest('#jobs-table') !== null`;
    for (let presses = 0; presses < 40 && !(await page.evaluate(link)); presses++) {
      await page.keyboard.press('Tab');
      assert.notEqual(await page.evaluate(OUTLINE), 'none');
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('#job[open] #job-facts .fact');
    assert.ok(await page.evaluate(`document.activeElement.closest('#job') !== null`));
    await page.keyboard.press('Escape');
    await page.waitForSelector('#job:not([open])', { state: 'attached' });
    assert.ok(await page.evaluate(link), 'the focus comes back to the link');
    assert.equal(await page.evaluate('location.hash'), '');
  });

  test('a refresh moves nothing and keeps the focus', async () => {
    const { page } = await open(WIDE);
    await page.waitForSelector('#jobs-table tbody tr');
    await page.focus('#jobs-table tbody a');
    await page.evaluate(WATCH_SHIFTS);
    const before = server.asked.length;
    server.overview = () => sampleOverview(Date.now() + 7_777_777);
    await waitUntil(() => server.asked.length >= before + 4);
    assert.deepEqual(await page.evaluate('globalThis.shifts'), []);
    assert.ok(await page.evaluate(`document.activeElement.closest('#jobs-table') !== null`));
  });

  test('an empty service says what to do', async () => {
    server.overview = () => emptyOverview(Date.now());
    server.jobs = () => [];
    const { page, complaints } = await open(PHONE);
    await page.getByText('No job has come yet').waitFor();
    await page.getByText('zkinfer worker').waitFor();
    await page.getByText('No chain is configured').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('a session that has ended leads to the login, and back to the same job', async () => {
    const { page } = await open(WIDE, `#/jobs/${fulfilled().id}`);
    server.refuses = 401;
    await page.waitForURL((url) => url.pathname === '/login');
    const next = new URL(page.url()).searchParams.get('next');
    assert.equal(next, `/dashboard/#/jobs/${fulfilled().id}`);
  });

  test('while the service is silent the figures stay, and are said to be old', async () => {
    const { page } = await open(WIDE);
    server.refuses = 503;
    await page.getByText('The figures are of').waitFor();
    assert.equal(await page.textContent('#waiting'), '49');
    server.refuses = undefined;
    await page.getByText('as of').waitFor();
    assert.equal(await page.getByText('The figures are of').count(), 0);
  });

  test('a list that is refused leaves the figures', async () => {
    server.refusesLists = true;
    const { page } = await open(WIDE);
    await page.getByText('The service does not list them: there is no such job.').waitFor();
    assert.equal(await page.textContent('#waiting'), '49');
    server.refusesLists = false;
    await page.waitForSelector('#jobs-table tbody tr');
  });

  test('a hidden tab asks nothing, and asks at once when it is seen again', async () => {
    const { page } = await open(WIDE);
    await page.clock.install();
    await page.evaluate(setHidden(true));
    await page.clock.runFor(ROUND_MS);
    const before = server.asked.length;
    await page.clock.runFor(50 * ROUND_MS);
    assert.equal(server.asked.length, before);
    await page.evaluate(setHidden(false));
    await waitUntil(() => server.asked.length > before);
  });
}

const CHART_COLORS = {
  throughput: ['--blue', '--green', '--red'],
  latency: ['--blue', '--orange'],
  cost: ['--green', '--red'],
  gas: ['--violet'],
};

const LEFTS = (bars: readonly unknown[]): number[] =>
  bars.map((bar) => Number.parseFloat((bar as { style: { left: string } }).style.left));

const OUTLINE = 'getComputedStyle(document.activeElement).outlineStyle';

/** Collects what moves by itself from now on. */
const WATCH_SHIFTS = `globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      shifts.push(value + ' ' + sources.map(({ node }) => node?.outerHTML ?? node?.data));
    }
  }).observe({ type: 'layout-shift' })`;

function setHidden(hidden: boolean): string {
  return `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`;
}

function fulfilled(): JobView {
  return sampleJobs(Date.now()).find(({ status }) => status === 'done')!;
}

function parked(): JobView {
  return sampleJobs(Date.now()).find(({ status }) => status === 'parked')!;
}

function proving(): JobView {
  return sampleJobs(Date.now()).find(({ status }) => status === 'active')!;
}

async function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents();
}

async function cells(page: Page, row: string): Promise<string[]> {
  return texts(page, `${row} td`);
}

async function search(page: Page, text: string): Promise<void> {
  await page.fill('#search-text', text);
  await page.keyboard.press('Enter');
}

async function downloaded(page: Page, name: string): Promise<unknown> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return JSON.parse(await readFile(await download.path(), 'utf8'));
}
