import type { RowSink, Witness } from '@zkinfer/core';
import type { Term } from '../gadgets/combination.ts';
import { PoseidonCall } from '../gadgets/poseidon-call.ts';
import type { Block, CircuitTrace } from './block.ts';

const ONE: readonly Term[] = [[0, 1]];

/**
 * The input salt, any field element, and the output salt Poseidon(inputSalt, 1) that follows from
 * it. The input salt is bound by the input commitment.
 *
 * Wires: the input salt, then those of the call.
 */
export class SaltBlock implements Block {
  readonly name = 'salts';
  readonly kind = 'poseidon';
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  readonly #call: PoseidonCall;

  constructor(firstWire: number) {
    this.firstWire = firstWire;
    this.#call = new PoseidonCall(2, firstWire + 1);
    this.wires = 1 + this.#call.wires;
    this.rows = this.#call.rows;
  }

  inputSalt(): Term[] {
    return [[this.firstWire, 1]];
  }

  outputSalt(): Term[] {
    return this.#call.digest();
  }

  emit(sink: RowSink): void {
    this.#call.emit(sink, [this.inputSalt(), ONE]);
  }

  assign({ inputSalt }: CircuitTrace, witness: Witness): void {
    witness.set(this.firstWire, inputSalt);
    this.#call.assign(witness, [inputSalt, 1n]);
  }
}
