import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgressDisplay } from './progress-display.ts';

/** A terminal, or a pipe, that keeps what is written to it. */
function fakeStream(isTTY: boolean) {
  const written: string[] = [];
  const stream = {
    isTTY,
    columns: 80,
    write: (text: string) => written.push(text),
    on() {},
  } as unknown as NodeJS.WriteStream;
  return { stream, text: () => written.join('') };
}

test('nothing is drawn within the first second, and nothing where there is no terminal', (context) => {
  context.mock.timers.enable({ apis: ['Date', 'setInterval', 'setTimeout'] });
  for (const isTTY of [true, false]) {
    const { stream, text } = fakeStream(isTTY);
    const display = createProgressDisplay(stream);
    display.stage('working', 10);
    display.advance(5);
    if (!isTTY) context.mock.timers.tick(5000);
    display.stop();
    assert.equal(text(), '');
  }
});

test('longer work is drawn with its stage and share, also while it reports nothing', (context) => {
  context.mock.timers.enable({ apis: ['Date', 'setInterval', 'setTimeout'] });
  const { stream, text } = fakeStream(true);
  const display = createProgressDisplay(stream);
  display.stage('multiply', 10);
  display.advance(5);
  context.mock.timers.tick(2000);
  assert.match(text(), /multiply .* 50 % 2\.0 s/);
  display.stage('prove');
  context.mock.timers.tick(1000);
  assert.match(text(), /prove … /);
  assert.ok(!text().includes('\x1b[?'), 'no mode is changed: Ctrl-C would leave it so');
  display.stop();
});
