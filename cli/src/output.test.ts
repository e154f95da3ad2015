import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutput } from './output.ts';

function collect(asJson: boolean) {
  const [out, err]: [string[], string[]] = [[], []];
  const sink = (parts: string[]) => ({ write: (text: string) => parts.push(text) });
  return { output: createOutput(sink(out), sink(err), asJson), out, err };
}

test('results go to stdout as text, remarks to stderr', () => {
  const { output, out, err } = collect(false);
  output.note('working');
  output.result('done', { answer: 1 });
  assert.deepEqual([out, err], [['done\n'], ['working\n']]);
});

test('with --json stdout holds one JSON object, field elements as decimal strings', () => {
  const { output, out } = collect(true);
  output.note('working');
  output.result('done', { answer: 2n ** 200n, missing: undefined });
  assert.equal(out.length, 1);
  assert.deepEqual(JSON.parse(out[0]!), { answer: (2n ** 200n).toString() });
});
