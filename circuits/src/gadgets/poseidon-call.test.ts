import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ConstraintSystem,
  checkSatisfaction,
  constraintStatistics,
  poseidon,
  SCALAR_FIELD_ORDER,
  Witness,
} from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { collectRows, evaluateSum } from '../testing/collected-rows.ts';
import { combination, type Term } from './combination.ts';
import { PoseidonCall } from './poseidon-call.ts';

const random = seededRandom(announceSeed());

/** A call whose inputs are wires 1 to n. */
function circuitOf(inputs: number): { call: PoseidonCall; system: ConstraintSystem } {
  const call = new PoseidonCall(inputs, 1 + inputs);
  const terms = Array.from({ length: inputs }, (_, i): Term[] => [[1 + i, 1]]);
  const system: ConstraintSystem = {
    wires: 1 + inputs + call.wires,
    publicOutputs: 0,
    publicInputs: 0,
    rows: call.rows,
    emit: (sink) => call.emit(sink, terms),
  };
  return { call, system };
}

test('a call computes the Poseidon of core, for every number of inputs', () => {
  for (let inputs = 1; inputs <= 16; inputs++) {
    const { call, system } = circuitOf(inputs);
    const values = Array.from({ length: inputs }, (_, i) =>
      i === 0 ? SCALAR_FIELD_ORDER - 1n : random.bigint(SCALAR_FIELD_ORDER),
    );
    const witness = new Witness(system.wires);
    witness.set(0, 1);
    values.forEach((value, i) => {
      witness.set(1 + i, value);
    });
    assert.equal(call.assign(witness, values), poseidon(values));
    assert.deepEqual(checkSatisfaction(system, witness), { satisfied: true });
    const { wires, coefficients } = combination(call.digest());
    const digest = Array.from(wires, (wire, i) => [wire, BigInt(coefficients[i]!)] as const);
    assert.equal(
      evaluateSum(digest, (wire) => witness.get(wire)),
      poseidon(values),
    );
  }
});

test('16 inputs cost 612 multiplications and 204 rows in C alone', () => {
  const { system } = circuitOf(16);
  const { rows, cOnlyRows } = constraintStatistics(system);
  assert.equal(rows, system.rows);
  assert.equal(cOnlyRows, 204);
  assert.equal(rows - cOnlyRows, 612);
});

test('every row holds for one value of its last wire alone: nothing is left to choose', () => {
  const { system } = circuitOf(3);
  const seen = new Set([0, 1, 2, 3]);
  for (const { a, b, c } of collectRows(system)) {
    for (const [wire] of [...a, ...b]) assert.ok(seen.has(wire));
    const fresh = c.filter(([wire]) => !seen.has(wire));
    assert.equal(fresh.length, 1);
    seen.add(fresh[0]![0]);
  }
  assert.equal(seen.size, system.wires);
});
