import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, test } from 'node:test';
import { TestReport } from './test-report.mjs';

/** Runs test files of these texts, returns counts and what was printed. */
async function report(...texts) {
  // Set by the runner that runs this very file; an inner runner that sees it runs nothing.
  delete process.env.NODE_TEST_CONTEXT;
  const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
  try {
    const files = texts.map((text, i) => {
      const file = join(folder, `f${i}.test.mjs`);
      writeFileSync(file, `import { describe, test } from 'node:test';\n${text}`);
      return file;
    });
    const printed = [];
    const taken = new TestReport((text) => printed.push(text), false);
    for await (const event of run({ files })) taken.take(event);
    taken.finish();
    return { counts: taken.counts, printed: printed.join('') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PASS = "test('good', () => {});";
const FAIL = "test('bad', () => { throw new Error('the reason'); });";

test('passed, failed and skipped tests are counted, suites and files are not', async () => {
  const nested = `describe('suite', () => { ${PASS} ${PASS} }); test.skip('later', () => {});`;
  const { counts } = await report(nested, PASS + FAIL);
  assert.deepEqual(counts, { passed: 3, failed: 1, skipped: 1 });
});

test('a failure is printed with its name and reason', async () => {
  const { printed } = await report(PASS, `describe('suite', () => { ${FAIL} });`);
  assert.match(printed, /✓ .*f0\.test\.mjs {2}1 passed/);
  assert.match(printed, /✗ .*f1\.test\.mjs: bad\n {4}Error: the reason/);
});

test('a file that cannot be loaded, or that ends with an error, counts as a failure', async () => {
  const { counts } = await report("import './absent.mjs';", `${PASS} process.exitCode = 1;`);
  assert.ok(counts.failed >= 2, JSON.stringify(counts));
});
