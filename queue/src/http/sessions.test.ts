import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sessions, sessionCookie, sessionIdOf } from './sessions.ts';

test('a session lasts so long, and ends when it is ended', () => {
  const clock = { now: 5_000 };
  const sessions = new Sessions(1_000, () => clock.now);
  const [first, second] = [sessions.begin('alice'), sessions.begin('bob')];
  assert.deepEqual(
    [first, second].map((id) => sessions.keyNameOf(id)),
    ['alice', 'bob'],
  );
  sessions.end(first);
  clock.now += 999;
  assert.deepEqual(
    [first, second].map((id) => sessions.keyNameOf(id)),
    [undefined, 'bob'],
  );
  clock.now += 1;
  assert.equal(sessions.keyNameOf(second), undefined);
  clock.now -= 500;
  assert.equal(sessions.keyNameOf(second), undefined);
});

test('so many sessions at a time: the oldest go', () => {
  const sessions = new Sessions(1_000);
  const first = sessions.begin('first');
  const second = sessions.begin('second');
  for (let i = 0; i < 999; i++) sessions.begin('later');
  assert.equal(sessions.keyNameOf(first), undefined);
  assert.equal(sessions.keyNameOf(second), 'second');
});

test('over TLS the cookie goes over TLS alone', () => {
  assert.match(sessionCookie('a', 1, true), /; Secure$/);
  assert.equal(sessionIdOf(`x=y;${sessionCookie('a', 1, true)}`), 'a');
  assert.equal(sessionIdOf('not_zkinfer_session=a'), undefined);
  assert.equal(sessionIdOf(undefined), undefined);
});
