import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { servicePath } from '@zkinfer/core/service';
import { chromiumPath } from '@zkinfer/core/testing';
import type { Browser, Page } from 'playwright-core';
import { finishJob } from '../http/testing/finish-job.ts';
import {
  type HttpFixture,
  removeModels,
  smallEnvelope,
  startHttpFixture,
} from '../http/testing/http-fixture.ts';
import { DASHBOARD_DIRECTORY } from './dashboard-directory.ts';
import { launchBrowser, openWatchedPage } from './testing/dashboard-browser.ts';

const WIDE = { viewport: { width: 1280, height: 900 } };

const path = chromiumPath('the tests of the dashboard on the HTTP service');
if (path !== undefined) await testOnService(path);

async function testOnService(executablePath: string): Promise<void> {
  const browser = await launchBrowser(executablePath);
  const fixture = await startHttpFixture({ dashboard: { directory: DASHBOARD_DIRECTORY } });
  after(async () => {
    await browser.close();
    await fixture.close();
    await removeModels();
  });

  test('without a session there is the login alone, which refuses the key of a client', async () => {
    const page = await browser.newPage();
    await page.goto(`${fixture.url}/dashboard/`);
    assert.equal(new URL(page.url()).pathname, '/login');
    await signIn(page, fixture.keyOf.client);
    await page.getByRole('alert').waitFor();
    const script = await page.request.get(`${fixture.url}/dashboard/main.js`);
    assert.equal(new URL(script.url()).pathname, '/login');
  });

  test('an operator signs in, watches a job to its end, and signs out', async () => {
    const { page, complaints } = await openSignedIn(browser, fixture);
    const jobId = await submit(fixture, 'watched');
    await page.locator(`#jobs-table a[title="${jobId}"]`).click();
    await page.getByText('Now at fetch.').waitFor();
    await finishJob(fixture, jobId);
    await page.getByText('Ended at prove: done.').waitFor();
    await page.waitForSelector('#job-proof .actions');
    const text = (await page.textContent('#job-body')) ?? '';
    assert.ok(text.includes('QUEUE_DONE') && text.includes('interpreter'), text);
    assert.deepEqual(complaints, []);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/login');
    await page.goto(`${fixture.url}/dashboard/`);
    assert.equal(new URL(page.url()).pathname, '/login');
  });

  test('an operator cancels a job', async () => {
    const jobId = await submit(fixture, 'cancelled');
    const { page, complaints } = await openSignedIn(browser, fixture, `#/jobs/${jobId}`);
    await page.getByRole('button', { name: 'Cancel this job' }).click();
    await page.getByRole('button', { name: 'Really cancel it?' }).click();
    await page.waitForSelector('#job-status.cancelled');
    assert.equal((await fixture.pipeline.get(jobId))?.outcome?.kind, 'cancelled');
    assert.deepEqual(complaints, []);
  });

  test('a session that is gone leads to the login, which leads back to the job', async () => {
    const jobId = await submit(fixture, 'kept');
    const { page } = await openSignedIn(browser, fixture, `#/jobs/${jobId}`);
    await page.waitForSelector('#job-facts .fact');
    await page.context().clearCookies();
    await page.waitForURL('**/login?*');
    await signIn(page, fixture.keyOf.operator);
    await page.waitForURL(`**/dashboard/#/jobs/${jobId}`);
    await page.waitForSelector('#job-facts .fact');
  });
}

async function openSignedIn(browser: Browser, { url, keyOf }: HttpFixture, fragment = '') {
  const watched = await openWatchedPage(browser, `${url}/dashboard/`, WIDE);
  await signIn(watched.page, keyOf.operator);
  await watched.page.waitForURL('**/dashboard/');
  await watched.page.goto(`${url}/dashboard/${fragment}`);
  return watched;
}

async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.keyboard.press('Enter');
}

/** The id of a new job of the client. */
async function submit({ url, keyOf, model }: HttpFixture, key: string): Promise<string> {
  const { words, inputSalt, ...envelope } = smallEnvelope(model);
  const input = {
    envelope: { ...envelope, words: words.map(String), inputSalt: String(inputSalt) },
  };
  const response = await fetch(url + servicePath('jobs'), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keyOf.client}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ modelDigest: model.modelDigest, input }),
  });
  return ((await response.json()) as { id: string }).id;
}
