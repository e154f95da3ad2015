import {
  type RowSink,
  SCALAR_FIELD_ORDER as r,
  type Witness,
  ZERO_COMBINATION,
} from '@zkinfer/core';
import { combination, scaled, single, type Term } from './combination.ts';
import { type PoseidonTemplate, poseidonTemplate, type SymbolicSum } from './poseidon-template.ts';

/** Wires of one S-box: x, x², x⁴, x⁵. */
const WIRES_PER_BOX = 4;
/** Rows of one S-box: 0 = input − x (dense in C only), and three products. */
const ROWS_PER_BOX = 4;

/**
 * One Poseidon call on 1 to 16 inputs, each any linear combination. With 16 inputs: 204 S-boxes,
 * 612 multiplication rows and 204 C-only rows. Every wire is a function of the inputs, so nothing
 * is left to choose.
 */
export class PoseidonCall {
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  readonly #template: PoseidonTemplate;

  constructor(inputs: number, firstWire: number) {
    this.#template = poseidonTemplate(inputs + 1);
    this.firstWire = firstWire;
    this.wires = this.#template.boxes.length * WIRES_PER_BOX;
    this.rows = this.#template.boxes.length * ROWS_PER_BOX;
  }

  /** The digest as a combination of this call's wires. */
  digest(): Term[] {
    return this.#terms(this.#template.digest, []);
  }

  emit(sink: RowSink, inputs: readonly (readonly Term[])[]): void {
    this.#template.boxes.forEach((sum, box) => {
      const [x, square, fourth, fifth] = this.#boxWires(box);
      const named = combination([...this.#terms(sum, inputs), [x, -1]]);
      sink.row(ZERO_COMBINATION, ZERO_COMBINATION, named);
      sink.row(single(x), single(x), single(square));
      sink.row(single(square), single(square), single(fourth));
      sink.row(single(fourth), single(x), single(fifth));
    });
  }

  /** Sets the call's wires for inputs in [0, r) and returns the digest. */
  assign(witness: Witness, inputs: readonly bigint[]): bigint {
    const values: bigint[] = [0n, ...inputs];
    this.#template.boxes.forEach((sum, box) => {
      const x = evaluate(sum, values);
      const square = (x * x) % r;
      const fourth = (square * square) % r;
      const fifth = (fourth * x) % r;
      const wires = this.#boxWires(box);
      [x, square, fourth, fifth].forEach((value, i) => {
        witness.set(wires[i]!, value);
      });
      values.push(fifth);
    });
    return evaluate(this.#template.digest, values);
  }

  #boxWires(box: number): [number, number, number, number] {
    const first = this.firstWire + box * WIRES_PER_BOX;
    return [first, first + 1, first + 2, first + 3];
  }

  /** Start state: element 0 is the capacity, which is zero, then the inputs. */
  #terms(sum: SymbolicSum, inputs: readonly (readonly Term[])[]): Term[] {
    const { width } = this.#template;
    const terms: Term[] = [[0, sum.constant]];
    sum.symbols.forEach((symbol, i) => {
      const coefficient = sum.coefficients[i]!;
      if (symbol >= width) terms.push([this.#boxWires(symbol - width)[3], coefficient]);
      else if (symbol > 0) terms.push(...scaled(inputs[symbol - 1]!, coefficient));
    });
    return terms;
  }
}

function evaluate({ symbols, coefficients, constant }: SymbolicSum, values: bigint[]): bigint {
  let sum = constant;
  for (let i = 0; i < symbols.length; i++) sum += coefficients[i]! * values[symbols[i]!]!;
  return sum % r;
}
