import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const AGENT = fileURLToPath(new URL('./agent.js', import.meta.url));

let text: string;
before(() => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [AGENT], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  text = stdout;
});

/** What is told of each vault. */
function deeds(): string[] {
  return text.split('\nThe agent\n').slice(1);
}

test('the agent opens the vault whose digit it has read, by a proof', () => {
  assert.match(deeds()[0]!, /^ {2}read, proved +7$/m);
  assert.match(deeds()[0]!, /^ {2}did +opened the vault$/m);
  assert.match(deeds()[0]!, /^ {2}spent so far +0\.0125 ETH$/m);
});

test('it leaves a vault that wants another digit, though it has paid to know', () => {
  assert.match(deeds()[1]!, /^ {2}read, proved +4$/m);
  assert.match(deeds()[1]!, /^ {2}did +left it: it wants a 9$/m);
  assert.match(deeds()[1]!, /^ {2}spent so far +0\.025 ETH$/m);
});

test('it asks for nothing above what it may spend', () => {
  assert.equal(deeds().length, 3);
  assert.match(deeds()[2]!, /^ {2}did +nothing: EXAMPLES_OVER_LIMIT$/m);
  assert.match(deeds()[2]!, /^ {2}spent so far +0\.025 ETH$/m);
  assert.equal(text.match(/^ {2}… done$/gm)!.length, 2);
});
