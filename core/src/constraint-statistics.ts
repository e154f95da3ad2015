import type { ConstraintSystem, LinearCombination, RowSink } from './constraint-system.ts';
import { domainSizeLog2, publicSignalCount } from './constraint-system.ts';

/** What a system's rows hold, as far as sizes of files and keys depend on it. */
export interface ConstraintStatistics {
  readonly rows: number;
  /** Rows 0 · 0 = ⟨c,w⟩, free of cost in the proving key. */
  readonly cOnlyRows: number;
  /** Terms over all rows, by matrix. */
  readonly aTerms: number;
  readonly bTerms: number;
  readonly cTerms: number;
  /**
   * Wires that occur in some row's a (b) combination: the others are points at infinity in the key.
   */
  readonly aWires: number;
  readonly bWires: number;
}

/** Counts the rows and terms of one emission of the system. */
export function constraintStatistics(system: ConstraintSystem): ConstraintStatistics {
  const sink = new CountingSink(system.wires);
  system.emit(sink);
  return sink.statistics();
}

/**
 * Exact size of a development `.zkey` for a system, in bytes: headers, verification points,
 * coefficients of A and B (C is never stored), points. A contribution of a ceremony adds 392 bytes
 * and its parameters. Source: the section table in `@zkinfer/prover`.
 */
export function provingKeyBytes(
  statistics: ConstraintStatistics,
  system: ConstraintSystem,
): number {
  const containerAndHeaders = 868;
  const [g1, g2, coefficient] = [64, 128, 44];
  const signals = publicSignalCount(system) + 1;
  const coefficients = statistics.aTerms + statistics.bTerms + signals;
  return (
    containerAndHeaders +
    coefficient * coefficients +
    g1 * signals +
    (2 * g1 + g2) * system.wires +
    g1 * (system.wires - signals) +
    g1 * 2 ** domainSizeLog2(system)
  );
}

class CountingSink implements RowSink {
  #rows = 0;
  #cOnlyRows = 0;
  #aTerms = 0;
  #bTerms = 0;
  #cTerms = 0;
  readonly #aWires: Uint8Array;
  readonly #bWires: Uint8Array;

  constructor(wires: number) {
    this.#aWires = new Uint8Array(wires);
    this.#bWires = new Uint8Array(wires);
  }

  row(a: LinearCombination, b: LinearCombination, c: LinearCombination): void {
    this.#rows++;
    if (a.wires.length === 0 && b.wires.length === 0) this.#cOnlyRows++;
    this.#aTerms += a.wires.length;
    this.#bTerms += b.wires.length;
    this.#cTerms += c.wires.length;
    mark(this.#aWires, a);
    mark(this.#bWires, b);
  }

  statistics(): ConstraintStatistics {
    return {
      rows: this.#rows,
      cOnlyRows: this.#cOnlyRows,
      aTerms: this.#aTerms,
      bTerms: this.#bTerms,
      cTerms: this.#cTerms,
      aWires: countMarked(this.#aWires),
      bWires: countMarked(this.#bWires),
    };
  }
}

function mark(wires: Uint8Array, combination: LinearCombination): void {
  for (let i = 0; i < combination.wires.length; i++) wires[combination.wires[i]!] = 1;
}

function countMarked(wires: Uint8Array): number {
  return wires.reduce((sum, marked) => sum + marked, 0);
}
