/** What must hold of every circuit and every inference. */
import assert from 'node:assert/strict';
import {
  COMMITMENT_KIND,
  checkSatisfaction,
  commitTensors,
  constraintStatistics,
  outputSalt,
  pack,
} from '@zkinfer/core';
import type { Circuit } from '../compile/compile-circuit.ts';
import { interpret, outputsOf } from '../interpret/interpret.ts';
import {
  type CalculatedWitness,
  calculateWitness,
  type Inference,
} from '../witness/calculate-witness.ts';

/**
 * Asserts that the inference has a satisfying witness whose public signals are the commitments to
 * the input and to what `interpret` makes of it.
 */
export function assertProven(circuit: Circuit, inference: Inference): CalculatedWitness {
  const calculated = calculateWitness(circuit, inference);
  assert.deepEqual(checkSatisfaction(circuit, calculated.witness), { satisfied: true });
  const { network, inputLayouts, outputLayouts } = circuit;
  const { inputs, inputSalt, binder } = inference;
  const outputs = outputsOf(network, interpret(network, inputs));
  const outputHash = commitTensors(
    COMMITMENT_KIND.output,
    outputLayouts,
    pack(outputs, outputLayouts),
    outputSalt(inputSalt),
  );
  const inputHash = commitTensors(
    COMMITMENT_KIND.input,
    inputLayouts,
    pack(inputs, inputLayouts),
    inputSalt,
  );
  const signals = [1, 2, 3].map((wire) => calculated.witness.get(wire));
  assert.deepEqual(signals, [outputHash, inputHash, binder]);
  assert.deepEqual(calculated.publicSignals, signals);
  return calculated;
}

/**
 * Asserts that a circuit counts what it emits, block by block, and leaves no gap between the
 * blocks' wires.
 */
export function assertCounted(circuit: Circuit): void {
  let next = 4;
  for (const block of circuit.blocks) {
    assert.equal(block.firstWire, next, `first wire of ${block.kind} ${block.name}`);
    next += block.wires;
    const statistics = constraintStatistics({ ...circuit, emit: (sink) => block.emit(sink) });
    assert.equal(statistics.rows, block.rows, `rows of ${block.kind} ${block.name}`);
  }
  assert.equal(next, circuit.wires);
  assert.equal(
    circuit.blocks.reduce((sum, { rows }) => sum + rows, 0),
    circuit.rows,
  );
}
