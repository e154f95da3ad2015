import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  COMMITMENT_KIND,
  commitTensors,
  InputError,
  outputSalt,
  SCALAR_FIELD_ORDER,
  unpack,
} from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { compileCircuit } from '../compile/compile-circuit.ts';
import type { NetworkOperation } from '../graph/network.ts';
import { randomInputs } from '../interpret/sample-inputs.ts';
import { networkOf } from '../testing/network-sketch.ts';
import { randomDense, requantize } from '../testing/random-operations.ts';
import { calculateWitness, type Inference } from './calculate-witness.ts';

const random = seededRandom(announceSeed());
const join: NetworkOperation = { kind: 'concat', axis: 0, multipliers: [1, 1] };
const network = networkOf(
  [
    { name: 'a', shape: [3], lo: -4, bits: 3 },
    { name: 'b', shape: [2], bits: 1 },
  ],
  [
    ['joined', join, 'a', 'b'],
    ['sum', randomDense(random, 5, 4), 'joined'],
    ['out', requantize(3, -8, 7), 'sum'],
  ],
  ['out', 'sum'],
);
const circuit = compileCircuit(network);
const inference: Inference = {
  inputs: randomInputs(random, network),
  inputSalt: random.bigint(SCALAR_FIELD_ORDER),
  binder: random.bigint(SCALAR_FIELD_ORDER),
};

test('words and salts open the commitments to inputs and outputs', () => {
  const { publicSignals, inputWords, outputWords, outputs, ...result } = calculateWitness(
    circuit,
    inference,
  );
  const { inputLayouts, outputLayouts } = circuit;
  const [outputHash, inputHash, binder] = publicSignals;
  assert.equal(
    commitTensors(COMMITMENT_KIND.output, outputLayouts, outputWords, result.outputSalt),
    outputHash,
  );
  assert.equal(
    commitTensors(COMMITMENT_KIND.input, inputLayouts, inputWords, inference.inputSalt),
    inputHash,
  );
  assert.equal(binder, inference.binder);
  assert.equal(result.outputSalt, outputSalt(inference.inputSalt));
  const integers = (tensors: readonly ArrayLike<number | bigint>[]) =>
    tensors.map((tensor) => Array.from(tensor, BigInt));
  assert.deepEqual(unpack(inputWords, inputLayouts), integers(inference.inputs));
  assert.deepEqual(unpack(outputWords, outputLayouts), integers(outputs));
});

test('one inference has one witness', () => {
  const [first, second] = [
    calculateWitness(circuit, inference),
    calculateWitness(circuit, inference),
  ];
  assert.deepEqual(first.witness.bytes, second.witness.bytes);
  const salted = calculateWitness(circuit, { ...inference, inputSalt: inference.inputSalt ^ 1n });
  assert.notDeepEqual(salted.witness.bytes, first.witness.bytes);
});

test('salts and binders are field elements, inputs integers of their range', () => {
  const refuses = (code: string, change: Partial<Inference>) =>
    assert.throws(
      () => calculateWitness(circuit, { ...inference, ...change }),
      (error) => error instanceof InputError && error.code === code,
    );
  calculateWitness(circuit, { ...inference, inputSalt: SCALAR_FIELD_ORDER - 1n, binder: 0n });
  refuses('CORE_FIELD_ELEMENT_RANGE', { inputSalt: SCALAR_FIELD_ORDER });
  refuses('CORE_FIELD_ELEMENT_RANGE', { inputSalt: -1n });
  refuses('CORE_FIELD_ELEMENT_RANGE', { binder: SCALAR_FIELD_ORDER });
  refuses('CIRCUITS_INPUT_COUNT', { inputs: [] });
  const [a, b] = inference.inputs as [Float64Array, Float64Array];
  refuses('CIRCUITS_INPUT_RANGE', { inputs: [a, Float64Array.of(0, 2)] });
  refuses('CIRCUITS_INPUT_SHAPE', { inputs: [b, a] });
});
