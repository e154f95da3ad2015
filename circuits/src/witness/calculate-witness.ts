import { outputSalt, pack, requireFieldElement, Witness } from '@zkinfer/core';
import { type Circuit, PUBLIC_WIRES } from '../compile/compile-circuit.ts';
import type { IntegerArray } from '../graph/integer-array.ts';
import { interpret, outputsOf } from '../interpret/interpret.ts';

/** What a proof is about: integers for each network input, and what binds and hides them. */
export interface Inference {
  /** One array for each input, elements within the input's range. */
  readonly inputs: readonly Float64Array[];
  /** In [0, r); 0 hides nothing. */
  readonly inputSalt: bigint;
  /** In [0, r). */
  readonly binder: bigint;
}

/** A witness and what is known about it in clear. */
export interface CalculatedWitness {
  readonly witness: Witness;
  /** [outputHash, inputHash, binder]. */
  readonly publicSignals: readonly [bigint, bigint, bigint];
  /** The integers of each network output. */
  readonly outputs: readonly IntegerArray[];
  /** Words and salt that open inputHash and outputHash. */
  readonly inputWords: readonly bigint[];
  readonly outputWords: readonly bigint[];
  readonly outputSalt: bigint;
}

/**
 * Runs the network on integers and sets every wire from the run.
 * @throws InputError as `interpret`, and CORE_FIELD_ELEMENT_RANGE for a salt or binder ≥ r.
 */
export function calculateWitness(circuit: Circuit, inference: Inference): CalculatedWitness {
  const { inputSalt, binder } = inference;
  requireFieldElement(inputSalt, 'the input salt');
  requireFieldElement(binder, 'the binder');
  const tensors = interpret(circuit.network, inference.inputs);
  const witness = new Witness(circuit.wires);
  witness.set(0, 1);
  const trace = { tensors, inputSalt, binder };
  for (const block of circuit.blocks) block.assign(trace, witness);
  const outputs = outputsOf(circuit.network, tensors);
  const { outputHash, inputHash } = PUBLIC_WIRES;
  return {
    witness,
    publicSignals: [witness.get(outputHash), witness.get(inputHash), binder],
    outputs,
    inputWords: pack(inference.inputs, circuit.inputLayouts),
    outputWords: pack(outputs, circuit.outputLayouts),
    outputSalt: outputSalt(inputSalt),
  };
}
