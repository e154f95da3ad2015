/**
 * The oracle for all that is proved: does a witness satisfy every row? Written to be obviously
 * right, in plain bigint arithmetic, and independent of every prover.
 */
import type { ConstraintSystem, LinearCombination, RowSink } from './constraint-system.ts';
import { InputError } from './errors.ts';
import { SCALAR_FIELD_ORDER } from './field.ts';
import type { Witness } from './witness.ts';

/** The answer, without any value of the witness: the first failing row and how many fail. */
export type Satisfaction =
  | { readonly satisfied: true }
  | { readonly satisfied: false; readonly row: number; readonly failing: number };

/**
 * Evaluates every row on a witness.
 * @throws InputError CORE_WITNESS_LENGTH (other wires than the system's), CORE_WITNESS_CONSTANT
 *   (wire 0 is not 1: a witness of zeros would satisfy any homogeneous row), CORE_WITNESS_RANGE (a
 *   value not below r)
 */
export function checkSatisfaction(system: ConstraintSystem, witness: Witness): Satisfaction {
  const checker = new SatisfactionChecker(witnessValues(system, witness));
  system.emit(checker);
  return checker.result();
}

class SatisfactionChecker implements RowSink {
  readonly #values: readonly bigint[];
  #rows = 0;
  #failing = 0;
  #firstFailing = 0;

  constructor(values: readonly bigint[]) {
    this.#values = values;
  }

  row(a: LinearCombination, b: LinearCombination, c: LinearCombination): void {
    const difference = this.#evaluate(a) * this.#evaluate(b) - this.#evaluate(c);
    if (difference % SCALAR_FIELD_ORDER !== 0n) {
      if (this.#failing === 0) this.#firstFailing = this.#rows;
      this.#failing++;
    }
    this.#rows++;
  }

  result(): Satisfaction {
    if (this.#failing === 0) return { satisfied: true };
    return { satisfied: false, row: this.#firstFailing, failing: this.#failing };
  }

  /** ⟨combination, w⟩ as an integer, not reduced. */
  #evaluate({ wires, coefficients }: LinearCombination): bigint {
    let sum = 0n;
    for (let i = 0; i < wires.length; i++) {
      sum += BigInt(coefficients[i]!) * this.#values[wires[i]!]!;
    }
    return sum;
  }
}

function witnessValues(system: ConstraintSystem, witness: Witness): bigint[] {
  if (witness.wires !== system.wires) {
    throw new InputError({
      code: 'CORE_WITNESS_LENGTH',
      what: 'the witness belongs to another constraint system',
      got: `${witness.wires} wires`,
      expected: `${system.wires} wires`,
    });
  }
  const values = Array.from({ length: witness.wires }, (_, wire) => witness.get(wire));
  if (values[0] !== 1n) {
    throw new InputError({
      code: 'CORE_WITNESS_CONSTANT',
      what: 'wire 0 of the witness is not the constant 1',
    });
  }
  const outside = values.findIndex((value) => value >= SCALAR_FIELD_ORDER);
  if (outside >= 0) {
    throw new InputError({
      code: 'CORE_WITNESS_RANGE',
      what: `the value of wire ${outside} is not below the field's order`,
    });
  }
  return values;
}
