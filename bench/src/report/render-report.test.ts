import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fullSamples, samplesOf, studyRun } from '../testing/study-run.ts';
import { PUBLISHED_FIGURES } from './published-figures.ts';
import { renderHtmlReport, renderMarkdownReport } from './render-report.ts';

const markdown = (run = studyRun({ samples: fullSamples() })) =>
  renderMarkdownReport(run, (name) => `${name}.svg`);

test('the headline says time, memory, ratio and premium of our engine', () => {
  const line = markdown()
    .text.split('\n')
    .find((each) => each.startsWith('| iris MLP'))!;
  // Medians of fullSamples: setup 2 · 11, infer 3 · 11, witness 4 · 11, proof 6 · 11, snarkjs 440.
  for (const cell of ['22.0 ms', '66.0 ms', '6.67 × (6.67 – 6.67)', '3.33 ×']) {
    assert.ok(line.includes(cell), `${cell} in ${line}`);
  }
});

test('every measured phase and every prover has its line', () => {
  const { text } = markdown();
  for (const phase of ['compile', 'setup', 'plain inference', 'proof, cold', 'verify']) {
    assert.ok(text.includes(`| ${phase} `), phase);
  }
  assert.match(text, /\| snarkjs +\| +440 ms \| 6\.67 × \(6\.67 – 6\.67\)/);
});

test('what was not measured is a dash, or not there', () => {
  const { text } = markdown(studyRun({ samples: samplesOf('wasm', 'prove-warm', [5]) }));
  assert.ok(!text.includes('## Gas on chain'));
  assert.ok(!text.includes('NaN') && !text.includes('undefined'));
});

test('failures are told', () => {
  const failure = {
    model: 'iris',
    compiler: 'zkinfer',
    engine: 'rapid',
    phase: 'prove-warm',
    code: 'BENCH_CONTESTANT_FAILED',
    what: 'it ended',
  };
  const run = studyRun({ samples: fullSamples(), failures: [failure] });
  assert.match(markdown(run).text, /## Not measured\n\n- iris, zkinfer, rapid.*it ended/);
  assert.match(renderHtmlReport(run), /Not measured.*it ended/s);
});

test('an interrupted run says so', () => {
  assert.match(markdown(studyRun({ finishedAt: null })).text, /interrupted/);
  assert.doesNotMatch(markdown().text, /interrupted/);
});

test('a run that was interrupted before its first model was described has a report', () => {
  const run = studyRun({ models: [], circuits: [], samples: fullSamples(), finishedAt: null });
  assert.match(markdown(run).text, /\| iris +\| compile/);
  assert.match(renderHtmlReport(run), /interrupted/);
});

test('figures of others stand in a table of their own, each with its source', () => {
  const { text } = markdown();
  const [measured, published] = text.split('## Published by others, not measured here');
  assert.ok(published !== undefined && !measured!.includes('EZKL'));
  for (const { system, source } of PUBLISHED_FIGURES) {
    assert.ok(source.length > 0 && published.includes(system));
  }
});

test('the HTML needs nothing from elsewhere and runs nothing', () => {
  const html = renderHtmlReport(studyRun({ samples: fullSamples() }));
  assert.doesNotMatch(html, /<script|<link|src="(?!data:)|url\(/);
  assert.match(html, /default-src 'none'/);
});

test('texts from elsewhere are escaped', () => {
  const versions = { '<img src=x>': '"1"' };
  const html = renderHtmlReport(studyRun({ samples: fullSamples(), versions }));
  assert.ok(!html.includes('<img src=x>') && html.includes('&lt;img src=x&gt;'));
});

test('each chart is drawn from the data that it is about', () => {
  const { charts } = markdown(
    studyRun({
      samples: fullSamples(),
      gas: [1, 4].map((batch) => ({ call: 'verify' as const, batch, gasUsed: 9 * batch })),
    }),
  );
  const names = charts.map(({ name }) => name);
  assert.deepEqual(names, ['time-by-rows', 'cost-by-engine', 'gas-by-batch', 'memory-by-engine']);
  for (const { svg } of charts) assert.match(svg, /^<svg .*<\/svg>$/s);
});

test('a run without samples has no charts, and still a report', () => {
  const { charts, text } = markdown(studyRun());
  assert.equal(charts.length, 0);
  assert.match(text, /# What a proof costs/);
});
