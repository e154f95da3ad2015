/**
 * A reporter for node's test runner: one line for each file with its count and time, failures in
 * full at the end. `--verbose` also lists each test.
 */
import { relative } from 'node:path';
import { inspect } from 'node:util';

/**
 * Takes the events of a run one by one and prints; `counts` holds the tests so far, suites left
 * out.
 */
export class TestReport {
  counts = { passed: 0, failed: 0, skipped: 0 };
  #files = new Map();
  #failures = [];
  #print;
  #verbose;

  constructor(print, verbose) {
    this.#print = print;
    this.#verbose = verbose;
  }

  /** @param event what the runner's stream yields: {type, data}. */
  take({ type, data }) {
    if (type === 'test:pass' || type === 'test:fail') this.#take(type === 'test:pass', data);
    else if (type === 'test:stdout' && this.#verbose) this.#print(data.message);
    else if (type === 'test:stderr') this.#print(data.message);
  }

  /** Prints the files' lines not yet printed, then every failure. */
  finish() {
    for (const [file, totals] of this.#files) this.#printFile(file, totals);
    this.#files.clear();
    for (const { file, name, error } of this.#failures) {
      this.#print(`\n✗ ${shown(file)}: ${name}\n${indent(describe(error))}\n`);
    }
  }

  #take(passed, data) {
    const isSuite = data.details?.type === 'suite';
    const fileItself = data.nesting === 0 && (data.file === undefined || data.name === data.file);
    if (!isSuite && !(fileItself && passed)) this.#count(passed, data);
  }

  #count(passed, data) {
    const skipped = data.skip !== undefined || data.todo !== undefined;
    const kind = skipped ? 'skipped' : passed ? 'passed' : 'failed';
    const parentOfFailure = data.details?.error?.failureType === 'subtestsFailed';
    if (parentOfFailure) return;
    this.counts[kind] += 1;
    const file = data.file ?? data.name;
    if (!this.#files.has(file)) this.#flushOthers(file);
    const totals = this.#files.get(file);
    totals[kind] += 1;
    totals.durationMs += data.details?.duration_ms ?? 0;
    if (kind === 'failed')
      this.#failures.push({ file, name: data.name, error: data.details?.error });
    if (this.#verbose) this.#print(`  ${kind === 'failed' ? '✗' : '✓'} ${data.name}\n`);
  }

  /** The runner reports file after file: when another begins, the one before is complete. */
  #flushOthers(file) {
    for (const [other, totals] of this.#files) this.#printFile(other, totals);
    this.#files.clear();
    this.#files.set(file, { passed: 0, failed: 0, skipped: 0, durationMs: 0 });
  }

  #printFile(file, { passed, failed, skipped, durationMs }) {
    const parts = [`${passed} passed`];
    if (failed > 0) parts.push(`${failed} failed`);
    if (skipped > 0) parts.push(`${skipped} skipped`);
    const seconds = (durationMs / 1000).toFixed(1);
    this.#print(`${failed > 0 ? '✗' : '✓'} ${shown(file)}  ${parts.join(', ')}  ${seconds} s\n`);
  }
}

function shown(file) {
  return relative(process.cwd(), file).replace('/dist/', '/src/').replace(/\.js$/, '.ts');
}

function describe(error) {
  const cause = error?.cause ?? error;
  return cause instanceof Error ? inspect(cause, { depth: 4 }) : String(cause);
}

function indent(text) {
  return text.replaceAll(/^/gm, '    ');
}
