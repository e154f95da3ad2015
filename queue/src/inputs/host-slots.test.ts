import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { HostSlots } from './host-slots.ts';

const random = seededRandom(announceSeed());

function open() {
  const clock = { now: 0 };
  const options = { perHost: 2, inAll: 3, now: () => clock.now, random: () => random.float() };
  const slots = new HostSlots(options);
  const enter = (host: string) => {
    const slot = slots.enter(host);
    return slot.isFree ? slot.leave : assert.fail(`${host} is full`);
  };
  const refused = (host: string) => {
    const slot = slots.enter(host);
    return slot.isFree ? assert.fail(`${host} has room`) : slot.retryMs;
  };
  return { slots, clock, enter, refused };
}

test('a host that is full leaves room for others, until all slots are taken', () => {
  const { enter, refused } = open();
  const leave = enter('slow.example');
  enter('slow.example');
  refused('slow.example');
  enter('other.example');
  refused('third.example');
  leave();
  enter('third.example');
});

test('leaving twice gives one slot', () => {
  const { enter, refused } = open();
  const leave = enter('a.example');
  enter('a.example');
  leave();
  leave();
  enter('a.example');
  refused('a.example');
});

test('the more wait for a host, the later they come back; others are not made to wait for them', () => {
  const { enter, refused } = open();
  enter('slow.example');
  enter('slow.example');
  enter('other.example');
  const waits = Array.from({ length: 1_000 }, () => refused('slow.example'));
  for (const wait of waits) assert.ok(wait >= 250 && wait <= 60_000, `${wait}`);
  const last = Math.max(...waits.slice(-100));
  assert.ok(last > 10_000, `those who came last are back within ${last} ms`);
  assert.ok(refused('other.example') <= 500);
});

test('those who come back are not counted any more, and hosts are forgotten', () => {
  const { slots, clock, enter, refused } = open();
  const leaves = [enter('slow.example'), enter('slow.example')];
  for (let i = 0; i < 1_000; i++) refused('slow.example');
  clock.now += 60_000;
  assert.ok(refused('slow.example') <= 500);
  for (const leave of leaves) leave();
  clock.now += 60_000;
  enter('other.example')();
  assert.equal(slots.size, 1);
});
