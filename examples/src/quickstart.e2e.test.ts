import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const QUICKSTART = fileURLToPath(new URL('./quickstart.js', import.meta.url));
const ARTIFACTS = fileURLToPath(new URL('../../artifacts', import.meta.url));

/** Node's options for a machine that Foundry is not built for. */
const WITHOUT_ANVIL = [
  '--import',
  "data:text/javascript,Object.defineProperty(process, 'arch', { value: 'sparc' })",
];

function quickstart(...options: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, QUICKSTART], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout;
}

let text: string;
before(() => {
  rmSync(join(ARTIFACTS, 'mnist-lenet5'), { recursive: true, force: true });
  text = quickstart();
});

test('the quickstart classifies, proves and verifies a digit, by snarkjs too', () => {
  assert.match(text, /▀{4}█{5}/, 'the digit is drawn');
  assert.match(text, /^ {2}predicted class +7$/m);
  assert.match(text, /✓ the proof holds for this model/);
  assert.match(text, /snarkJS.*OK!/);
  for (const stage of ['compile', 'setup', 'prove', 'verify', 'verify \\(snarkjs\\)', 'fulfill']) {
    assert.match(text, new RegExp(`^  ${stage} +\\d+\\.\\d s$`, 'm'));
  }
  assert.match(text, /^ {2}circuit +\d{2,3},\d{3} rows$/m);
  assert.match(text, /^ {2}proving key +\d+\.\d MB$/m);
});

test('a contract asks on chain, is called back with the digit, and acts on it', () => {
  assert.match(text, /^callback +succeeded$/m);
  assert.match(text, /^ {2}read +7 \(before: nothing\)$/m);
  assert.match(text, /^ {2}holds +0 ETH \(before: 1 ETH\)$/m);
  for (const row of ['register', 'request', 'fulfill', 'the proof alone']) {
    assert.match(text, new RegExp(`^  ${row} +\\d{3},\\d{3}  0\\.000\\d{3} ETH`, 'm'));
  }
});

test('a copied transaction pays the payee of the proof, an altered one is refused', () => {
  assert.match(text, /^ {2}altered copy .*: InvalidProof$/m);
  assert.match(text, /^ {2}exact copy +accepted, place 0 of the block/m);
  assert.match(
    text,
    /^ {2}the original +reverted, place 1 of the block: RequestNotOpen, Fulfilled$/m,
  );
  assert.match(text, /^ {2}the worker +earned 0\.002\d* ETH/m);
  assert.match(text, /^ {2}the thief +earned 0 ETH, and paid 0\.0\d+ ETH for gas$/m);
});

test('a second run repeats no work; without anvil the part on chain is left out, and said so', () => {
  const again = quickstart(...WITHOUT_ANVIL);
  for (const stage of ['compile', 'setup', 'prove']) {
    assert.match(again, new RegExp(`^  ${stage} +done before$`, 'm'));
  }
  assert.match(again, /snarkJS.*OK!/);
  assert.match(again, /^The part on chain is left out: there is no anvil .*-sparc/m);
  assert.doesNotMatch(again, /the proof alone/);
});

test('a run that is stopped leaves neither a chain nor its files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quickstart-test-'));
  const run = spawn(process.execPath, [QUICKSTART], { env: { ...process.env, TMPDIR: folder } });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    run.on('close', () => reject(new Error(said)));
    run.stdout.setEncoding('utf8').on('data', (part: string) => {
      said += part;
      const found = /ZKINFER_RPC=(\S+)\n/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  assert.equal(await answers(url), true);
  run.kill('SIGINT');
  while ((await answers(url)) || readdirSync(folder).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  rmSync(folder, { recursive: true });
});

function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'POST' }).then(
    () => true,
    () => false,
  );
}
