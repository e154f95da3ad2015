import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkerStatus } from '@zkinfer/core/service';
import { WorkerRoster } from './worker-roster.ts';

const worker = (workerId: string, changes: Partial<WorkerStatus> = {}): WorkerStatus => ({
  workerId,
  host: 'host',
  processId: 1,
  version: '0.1.0',
  at: 0,
  startedAt: 0,
  engine: 'wasm',
  backends: {},
  concurrency: 2,
  allowedModels: null,
  unusableModels: [],
  running: [],
  proofsDone: 0,
  tasksFailed: 0,
  memoryBytes: 0,
  memoryLimitBytes: 1,
  loadPerCore: 0,
  draining: false,
  ...changes,
});

function setUp() {
  const clock = { now: 1_000_000 };
  const roster = new WorkerRoster(() => clock.now);
  return { clock, roster, names: () => roster.list().map(({ workerId }) => workerId) };
}

test('workers are listed by name, each as it was last heard of', () => {
  const { roster, names } = setUp();
  roster.hear(worker('b'));
  roster.hear(worker('a'));
  roster.hear(worker('b', { proofsDone: 5 }));
  assert.deepEqual(names(), ['a', 'b']);
  assert.equal(roster.list()[1]?.proofsDone, 5);
});

test('a worker that says nothing for half a minute is gone, whatever its own clock says', () => {
  const { clock, roster, names } = setUp();
  roster.hear(worker('a', { at: 9_999_999_999_999 }));
  clock.now += 30_000;
  assert.deepEqual(names(), ['a']);
  clock.now += 1;
  assert.deepEqual(names(), []);
});

test('those that drain prove nothing more', () => {
  const { roster } = setUp();
  roster.hear(worker('a'));
  roster.hear(worker('b', { concurrency: 3 }));
  assert.equal(roster.provers(), 5);
  roster.hear(worker('b', { draining: true }));
  assert.equal(roster.provers(), 2);
});
