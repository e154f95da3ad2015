import type { RowSink, Witness } from '@zkinfer/core';
import type { Trace } from '../interpret/interpret.ts';

/** Everything that a witness is computed from. */
export interface CircuitTrace {
  /** All tensors of the network's run. */
  readonly tensors: Trace;
  /** In [0, r). */
  readonly inputSalt: bigint;
  /** In [0, r). */
  readonly binder: bigint;
}

/**
 * A part of the circuit: its constraints and its witness side by side. A block owns `wires` wires
 * from `firstWire` on and reads wires of earlier blocks; nothing else writes its wires. Later kinds
 * of blocks may need a second round of wires or a challenge: they come as further blocks, without
 * change to these.
 */
export interface Block {
  /** The network's tensor or the statement's part that the block stands for. */
  readonly name: string;
  /** What the block does: requantize, maxPool2d, poseidon… */
  readonly kind: string;
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  /** Streams the block's rows, the same ones in the same order each time. */
  emit(sink: RowSink): void;
  /** Sets the block's wires; those that it reads are set already. */
  assign(trace: CircuitTrace, witness: Witness): void;
}
