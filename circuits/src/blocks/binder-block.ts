import type { RowSink, Witness } from '@zkinfer/core';
import { single } from '../gadgets/combination.ts';
import type { Block, CircuitTrace } from './block.ts';

/**
 * The binder, a public input that says whom a proof pays and which request it serves. It is squared
 * so that it takes part in a constraint: a public signal in no constraint could be dropped by a
 * tool that simplifies circuits, and a proof could then be moved to another binder.
 *
 * The binder is the prover's to choose: whoever knows a witness can write down that of any other
 * binder. (Its negative even has the same square.) What it protects is the proof, which nobody can
 * turn into one for other public signals.
 *
 * Wires: the square. Rows: 1.
 */
export class BinderBlock implements Block {
  readonly name = 'binder';
  readonly kind = 'binder';
  readonly wires = 1;
  readonly rows = 1;
  readonly firstWire: number;
  readonly #binderWire: number;

  constructor(binderWire: number, firstWire: number) {
    this.firstWire = firstWire;
    this.#binderWire = binderWire;
  }

  emit(sink: RowSink): void {
    const binder = single(this.#binderWire);
    sink.row(binder, binder, single(this.firstWire));
  }

  assign({ binder }: CircuitTrace, witness: Witness): void {
    witness.set(this.#binderWire, binder);
    witness.set(this.firstWire, binder * binder);
  }
}
