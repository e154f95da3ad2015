import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from './field.ts';
import { checkSatisfaction } from './satisfaction-checker.ts';
import { seededRandom } from './seeded-random.ts';
import { announceSeed } from './testing/announce-seed.ts';
import { denseRowSystem, systemOf, terms } from './testing/small-systems.ts';
import { Witness } from './witness.ts';

const random = seededRandom(announceSeed());
const { system, witness } = denseRowSystem(5, 19, random.bigint(SCALAR_FIELD_ORDER));

function copyOf(original: Witness): Witness {
  return new Witness(original.wires, original.bytes.slice());
}

test('behavior: a good witness satisfies every row', () => {
  assert.deepEqual(checkSatisfaction(system, witness), { satisfied: true });
});

test('behavior: a wire changed breaks a row, unless no row names it', () => {
  for (let wire = 1; wire < system.wires; wire++) {
    const forged = copyOf(witness);
    forged.set(wire, witness.get(wire) + 1n + random.bigint(SCALAR_FIELD_ORDER - 1n));
    assert.equal(checkSatisfaction(system, forged).satisfied, wire === system.wires - 1);
  }
});

test('behavior: the first failing row and their number are told', () => {
  const rows = [0, 1, 2, 3].map(() => [terms([1, 1]), terms([1, 1]), terms([2, 1])] as const);
  const one = [terms([1, 1]), terms([0, 1]), terms([1, 1])] as const;
  const forged = new Witness(3);
  [1, 3, 10].forEach((value, wire) => {
    forged.set(wire, value);
  });
  assert.deepEqual(checkSatisfaction(systemOf(3, 1, 0, [one, one, ...rows]), forged), {
    satisfied: false,
    row: 2,
    failing: 4,
  });
});

test('behavior: equality is mod r, both ways round', () => {
  const half = (SCALAR_FIELD_ORDER + 1n) / 2n;
  const of = systemOf(2, 1, 0, [
    [terms([1, half]), terms([0, 2]), terms([1, 1])],
    [terms([1, -1]), terms([1, SCALAR_FIELD_ORDER - 1n]), terms([1, 3])],
  ]);
  const good = new Witness(2);
  good.set(0, 1);
  good.set(1, 3);
  assert.deepEqual(checkSatisfaction(of, good), { satisfied: true });
  good.set(1, 4);
  assert.deepEqual(checkSatisfaction(of, good), { satisfied: false, row: 1, failing: 1 });
});

test('error: witnesses that are none', () => {
  assert.throws(() => checkSatisfaction(system, new Witness(3)), { code: 'CORE_WITNESS_LENGTH' });
  assert.throws(() => checkSatisfaction(system, new Witness(system.wires)), {
    code: 'CORE_WITNESS_CONSTANT',
  });
  const beyond = copyOf(witness);
  beyond.bytes.fill(0xff, 64, 96);
  assert.throws(() => checkSatisfaction(system, beyond), { code: 'CORE_WITNESS_RANGE' });
});
