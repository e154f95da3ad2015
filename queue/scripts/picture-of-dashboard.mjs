/**
 * Writes docs/dashboard.png: the dashboard with the sample figures of its tests, without the
 * hostile texts in them. Run it after a build when the page looks different.
 */
import { fileURLToPath } from 'node:url';
import { chromiumPath } from '@zkinfer/core/testing';
import { launchBrowser, openWatchedPage } from '../dist/dashboard/testing/dashboard-browser.js';
import { DashboardServer } from '../dist/dashboard/testing/dashboard-server.js';
import { sampleJobs, sampleOverview } from '../dist/dashboard/testing/sample-figures.js';

const TARGET = fileURLToPath(new URL('../../docs/dashboard.png', import.meta.url));
const WINDOW = { width: 1280, height: 1080 };
const PROBLEM = 'no answer from its endpoint';

const server = await DashboardServer.start();
server.overview = () => sampleOverview(Date.now(), PROBLEM);
server.jobs = () => sampleJobs(Date.now(), PROBLEM);
const browser = await launchBrowser(chromiumPath('the picture'));
const { page } = await openWatchedPage(browser, server.url, { viewport: WINDOW });
await page.waitForSelector('#jobs-table tbody tr');
await page.screenshot({ path: TARGET });
await browser.close();
await server.stop();
