/**
 * `npm test`: installs and builds what is missing, then runs the compiled tests of a tier.
 *
 *   npm test -- [--tier fast|e2e] [--verbose] [FILTER …]     a filter is a workspace or a part of a
 * file's path
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { parseArgs } from 'node:util';
import { prepare, ROOT, WORKSPACES } from './prepare.mjs';
import { TIERS, testFiles } from './test-files.mjs';
import { TestReport } from './test-report.mjs';

/** No single file may take longer, so that a hang shows as the failure of one file. */
const FILE_TIMEOUT_MS = { fast: 5 * 60_000, e2e: 20 * 60_000 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tier: { type: 'string', default: 'fast' },
    verbose: { type: 'boolean', default: false },
  },
});
if (!TIERS.includes(values.tier)) {
  process.stderr.write(`Unknown tier "${values.tier}": expected ${TIERS.join(' or ')}.\n`);
  process.exit(2);
}

prepare();
const files = testFiles(ROOT, WORKSPACES, values.tier, positionals);
if (files.length === 0) {
  process.stderr.write(`No test file of tier ${values.tier} matches "${positionals.join(' ')}".\n`);
  process.exit(positionals.length > 0 ? 2 : 0);
}

process.chdir(ROOT);
const started = Date.now();
const report = new TestReport((text) => process.stdout.write(text), values.verbose);
const events = run({
  files: files.map((path) => join(ROOT, path)),
  // Tests with real proofs use all cores and gigabytes by themselves.
  concurrency: values.tier === 'e2e' ? 1 : availableParallelism(),
  timeout: FILE_TIMEOUT_MS[values.tier],
});
for await (const event of events) report.take(event);
report.finish();

const { passed, failed, skipped } = report.counts;
const seconds = ((Date.now() - started) / 1000).toFixed(0);
const skips = skipped > 0 ? `, ${skipped} skipped` : '';
process.stdout.write(`\n${values.tier} tests, ${files.length} files, ${seconds} s\n`);
process.stdout.write(`${passed} passed, ${failed} failed${skips}\n`);
process.exitCode = failed > 0 ? 1 : 0;
