/** The HTML report as a reader opens it: from a file, in a browser, without a network. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromiumPath } from '@zkinfer/core/testing';
import { type Browser, chromium } from 'playwright-core';
import { fullSamples, studyRun } from '../testing/study-run.ts';
import { renderHtmlReport } from './render-report.ts';

let folder: string;
let url: string;
let browser: Browser | undefined;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-report-'));
  const path = join(folder, 'report.html');
  const gas = [1, 2, 4].map((batch) => ({
    call: 'verify' as const,
    batch,
    gasUsed: 300_000 * batch,
  }));
  await writeFile(path, renderHtmlReport(studyRun({ samples: fullSamples(), gas })));
  url = pathToFileURL(path).href;
  const executablePath = chromiumPath('the report of the bench in a browser');
  if (executablePath === undefined) return;
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The report on a screen of this width, with what the browser complained of and asked for. */
async function open(width: number) {
  const page = await browser!.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, complaints, requests };
}

/** Colours of a picture's pixels, drawn as the page shows it. Text: types here know no browser. */
const COLOURS_OF = `(index) => {
  const image = document.images[index];
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}`;

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

const skips = (context: TestContext) => {
  if (browser === undefined) context.skip('there is no chromium');
  return browser === undefined;
};

test('every chart is drawn, and nothing but the file is asked for', async (t) => {
  if (skips(t)) return;
  const { page, complaints, requests } = await open(1200);
  const charts = await page.locator('img').count();
  assert.equal(charts, 4);
  for (let i = 0; i < charts; i++) {
    // Axes, grid, text in several greys, and a colour for each series at least.
    assert.ok(Number(await page.evaluate(`(${COLOURS_OF})(${i})`)) > 10, `chart ${i}`);
  }
  assert.deepEqual(complaints, []);
  assert.deepEqual(
    requests.filter((each) => !each.startsWith('data:')),
    [url],
  );
});

test('on a phone tables scroll by themselves, and the page does not', async (t) => {
  if (skips(t)) return;
  const { page } = await open(360);
  assert.equal(await page.evaluate(OVERFLOW), 0);
});
