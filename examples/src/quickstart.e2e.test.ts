import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { redisIsAvailable } from '@zkinfer/queue/testing';

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
  for (const stage of ['compile', 'setup', 'prove', 'verify', 'verify \\(snarkjs\\)']) {
    assert.match(text, new RegExp(`^  ${stage} +\\d+\\.\\d s$`, 'm'));
  }
  assert.match(text, /^ {2}circuit +\d{2,3},\d{3} rows$/m);
  assert.match(text, /^ {2}proving key +\d+\.\d MB$/m);
});

test('ten digits are read, five for a contract that is called back, five over HTTP', () => {
  assert.equal(text.match(/^ {2}✓ the contract {2}a (\d) is read as \1 /gm)?.length, 5);
  assert.equal(text.match(/^ {2}✓ over HTTP {5}a (\d) is read as \1 /gm)?.length, 5);
  assert.match(text, /^ {2}read +7 2 1 0 4 \(before: nothing\)$/m);
  assert.match(text, /^ {2}holds +0 ETH \(before: 1 ETH\)$/m);
});

test('it says where the queue is, and closes with times of stages, gas and money', () => {
  const queue = redisIsAvailable('npm start with Redis')
    ? /^queue +BullMQ on Redis$/m
    : /^queue +in this process$/m;
  assert.match(text, queue);
  for (const [stage, jobs] of [
    ['fetch', 10],
    ['infer', 10],
    ['prove', 10],
    ['settle', 5],
    ['confirm', 5],
  ]) {
    assert.match(text, new RegExp(`^  ${stage} +${jobs} +\\d+\\.\\d\\d s +\\d+\\.\\d\\d s$`, 'm'));
  }
  for (const row of ['register', 'request', 'fulfill', 'the proof alone']) {
    assert.match(text, new RegExp(`^  ${row} +\\d{3},\\d{3}  0\\.000\\d{3} ETH`, 'm'));
  }
  assert.match(text, /^ {2}and earned +0\.01\d* ETH/m);
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

test('without Redis the service does the work itself; a run that is kept ends with Ctrl-C', async () => {
  const run = startRun({ PATH: '', REDIS_URL: '' }, '--keep');
  const ended = once(run.child, 'exit');
  try {
    const url = await run.said(/^Left running: (http:\S+?)\/dashboard/m);
    assert.match(run.text(), /^queue +in this process$/m);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    run.child.kill('SIGINT');
    assert.deepEqual(await ended, [130, null]);
    await leavesNothing(url, run.folder);
  } finally {
    run.child.kill('SIGINT');
  }
});

test('a run that is stopped early leaves neither a chain nor its files', async () => {
  const run = startRun({});
  const url = await run.said(/ZKINFER_RPC=(\S+)\n/);
  assert.equal(await answers(url), true);
  run.child.kill('SIGINT');
  await leavesNothing(url, run.folder);
});

/** A run whose temporary files are in a folder of its own. */
function startRun(environment: NodeJS.ProcessEnv, ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'quickstart-test-'));
  const env = { ...process.env, NO_COLOR: '1', ...environment, TMPDIR: folder };
  const child = spawn(process.execPath, [QUICKSTART, ...args], { env });
  let all = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    all += part;
  });
  const said = async (what: RegExp): Promise<string> => {
    while (!what.test(all)) {
      assert.equal(child.exitCode, null, all);
      await sleep(50);
    }
    return what.exec(all)![1]!;
  };
  return { child, folder, said, text: () => all };
}

async function leavesNothing(url: string, folder: string): Promise<void> {
  while ((await answers(url)) || readdirSync(folder).length > 0) await sleep(50);
  rmSync(folder, { recursive: true });
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'POST' }).then(
    () => true,
    () => false,
  );
}
