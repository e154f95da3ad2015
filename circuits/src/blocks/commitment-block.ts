import {
  type CommitCall,
  commitCalls,
  commitmentHeader,
  elementsPerWord,
  encodeCommitmentHeader,
  type PackedLayout,
  pack,
  type RowSink,
  type Witness,
  wordCount,
  ZERO_COMBINATION,
} from '@zkinfer/core';
import { elementTerms } from '../compile/element-terms.ts';
import type { LinearAccumulator } from '../compile/linear-accumulator.ts';
import type { TensorExpression } from '../compile/tensor-expression.ts';
import { combination, scaled, type Term } from '../gadgets/combination.ts';
import { PoseidonCall } from '../gadgets/poseidon-call.ts';
import type { Block, CircuitTrace } from './block.ts';

/** A tensor with what is public about how it is packed. */
export interface CommittedTensor {
  readonly expression: TensorExpression;
  readonly layout: PackedLayout;
}

/** Where a commitment's salt comes from. */
export interface CommittedSalt {
  readonly terms: () => Term[];
  readonly value: (trace: CircuitTrace) => bigint;
}

/**
 * commit(kind, count, bits, words, salt) of the statement, as `commit.ts` in core defines it; the
 * digest is a public signal.
 *
 * Words are linear combinations of elements and need no wires. An element lies in its static range
 * (inputs are range-checked, everything else follows from them), so packing is injective: words
 * below 2^253 < r.
 *
 * Rows: those of the Poseidon calls, and one that equates the last digest with the public wire.
 */
export class CommitmentBlock implements Block {
  readonly kind = 'poseidon';
  readonly name: string;
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  readonly #tensors: readonly CommittedTensor[];
  readonly #salt: CommittedSalt;
  readonly #publicWire: number;
  readonly #header: bigint;
  readonly #calls: readonly (CommitCall & { readonly poseidon: PoseidonCall })[];
  readonly #accumulator: () => LinearAccumulator;

  constructor(
    commitment: {
      readonly name: string;
      readonly kind: number;
      readonly tensors: readonly CommittedTensor[];
      readonly salt: CommittedSalt;
      readonly publicWire: number;
    },
    firstWire: number,
    accumulator: () => LinearAccumulator,
  ) {
    this.name = commitment.name;
    this.firstWire = firstWire;
    this.#tensors = commitment.tensors;
    this.#salt = commitment.salt;
    this.#publicWire = commitment.publicWire;
    this.#accumulator = accumulator;
    const layouts = commitment.tensors.map(({ layout }) => layout);
    this.#header = encodeCommitmentHeader(commitmentHeader(commitment.kind, layouts));
    let next = firstWire;
    this.#calls = commitCalls(wordCount(layouts) + 1).map((call) => {
      const poseidon = new PoseidonCall(1 + call.toItem - call.fromItem, next);
      next += poseidon.wires;
      return { ...call, poseidon };
    });
    this.wires = next - firstWire;
    this.rows = this.#calls.reduce((sum, { poseidon }) => sum + poseidon.rows, 1);
  }

  emit(sink: RowSink): void {
    const items = [...this.#wordTerms(), this.#salt.terms()];
    let running: Term[] = [[0, this.#header]];
    for (const { poseidon, fromItem, toItem } of this.#calls) {
      poseidon.emit(sink, [running, ...items.slice(fromItem, toItem)]);
      running = poseidon.digest();
    }
    const published = combination([...running, [this.#publicWire, -1]]);
    sink.row(ZERO_COMBINATION, ZERO_COMBINATION, published);
  }

  assign(trace: CircuitTrace, witness: Witness): void {
    const elements = this.#tensors.map(({ expression }) => trace.tensors.get(expression.name)!);
    const layouts = this.#tensors.map(({ layout }) => layout);
    const items = [...pack(elements, layouts), this.#salt.value(trace)];
    let running = this.#header;
    for (const { poseidon, fromItem, toItem } of this.#calls) {
      running = poseidon.assign(witness, [running, ...items.slice(fromItem, toItem)]);
    }
    witness.set(this.#publicWire, running);
  }

  /** Each word: Σ 2^(bits · i) · (element_i − lo). */
  #wordTerms(): Term[][] {
    const accumulator = this.#accumulator();
    const words: Term[][] = [];
    for (const { expression, layout } of this.#tensors) {
      const perWord = elementsPerWord(layout.bits);
      for (let start = 0; start < layout.count; start += perWord) {
        const word: Term[] = [];
        for (let i = 0; i < Math.min(perWord, layout.count - start); i++) {
          const element = elementTerms(expression, start + i, accumulator);
          const weight = 1n << BigInt(layout.bits * i);
          word.push(...scaled([...element, [0, -BigInt(layout.lo)]], weight));
        }
        words.push(word);
      }
    }
    return words;
  }
}
