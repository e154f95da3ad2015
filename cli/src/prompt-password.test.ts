import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { promptPassword } from './prompt-password.ts';

/** A terminal that notes in which mode it is, and what it shows. */
function fakeTerminal() {
  const modes: boolean[] = [];
  const shown: string[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  });
  const output = { write: (text: string) => shown.push(text) };
  return { input, output, modes, shown };
}

test('a password is read, and nothing of it shown', async () => {
  const { input, output, modes, shown } = fakeTerminal();
  const asked = promptPassword('Password: ', { input, output });
  assert.deepEqual([modes, shown], [[true], ['Password: ']], 'echo is off before anyone answers');
  input.write('correct x\x7fhorse\r');
  assert.equal(await asked, 'correct horse');
  assert.deepEqual(shown, ['Password: ', '\n']);
  assert.deepEqual(modes, [true, false], 'the terminal is left as it was');
});

test('nobody is asked without a terminal', async () => {
  const { output, shown } = fakeTerminal();
  await assert.rejects(promptPassword('Password: ', { input: new PassThrough(), output }), {
    code: 'CLI_PASSWORD',
  });
  assert.deepEqual(shown, []);
});
