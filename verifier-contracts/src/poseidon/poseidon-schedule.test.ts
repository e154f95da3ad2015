import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poseidon, poseidonParameters, SCALAR_FIELD_ORDER as r } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { apply, innerProduct } from './matrix.ts';
import { type PoseidonSchedule, poseidonSchedule } from './poseidon-schedule.ts';

const random = seededRandom(announceSeed());

for (const width of [3, 4, 5, 6]) {
  const schedule = poseidonSchedule(poseidonParameters(width));

  test(`the rearranged permutation of width ${width} is Poseidon`, () => {
    const extremes = [0n, 1n, r - 1n].map((x) => Array.from({ length: width - 1 }, () => x));
    const drawn = Array.from({ length: 20 }, () =>
      Array.from({ length: width - 1 }, () => random.bigint(r)),
    );
    for (const inputs of [...extremes, ...drawn]) {
      assert.equal(run(schedule, inputs), poseidon(inputs));
    }
  });

  test(`each constant of width ${width} matters`, () => {
    const inputs = Array.from({ length: width - 1 }, () => random.bigint(r));
    const expected = poseidon(inputs);
    const changedOutput = schedule.output.map((x, i) => (i === width - 1 ? x + 1n : x));
    const changedFeedback = schedule.feedback.map((x, i) => (i === width - 2 ? x + 1n : x));
    const otherBasis = schedule.leave.map((row) => row.map((x) => 2n * x));
    assert.notEqual(run({ ...schedule, output: changedOutput }, inputs), expected);
    assert.notEqual(run({ ...schedule, feedback: changedFeedback }, inputs), expected);
    assert.notEqual(run({ ...schedule, leave: otherBasis }, inputs), expected);
  });
}

/** The schedule read literally. */
function run(schedule: PoseidonSchedule, inputs: readonly bigint[]): bigint {
  const { inputConstants, firstConstants, mds, enter, output, feedback, leave, lastConstants } =
    schedule;
  const last = firstConstants.length - 1;
  let state = apply(mds, [0n, ...substitute(inputs, inputConstants)]);
  firstConstants.forEach((constants, round) => {
    state = apply(round === last ? enter : mds, substitute(state, constants));
  });
  let [u, ...z] = state as [bigint, ...bigint[]];
  for (const constant of schedule.partialConstants) {
    const y = (u + constant) ** 5n % r;
    u = innerProduct(output, [y, ...z]);
    z = [(y + innerProduct(feedback, z)) % r, ...z.slice(0, -1)];
  }
  state = [u, ...apply(leave, z)];
  for (const constants of lastConstants) state = apply(mds, substitute(state, constants));
  return state[0]!;
}

function substitute(state: readonly bigint[], constants: readonly bigint[]): bigint[] {
  return state.map((x, i) => (x + constants[i]!) ** 5n % r);
}
