/**
 * All assignments that satisfy the rows of a small circuit, found without knowing what the circuit
 * means: a row l · l = l with one open wire is tried both ways, all other wires are solved from
 * rows that have become linear in them. Exact mod r, so that it finds wrapped-around solutions too.
 */
import { invert, reduce } from '@zkinfer/core';
import type { CollectedRow, CollectedSum } from './collected-rows.ts';

export interface Assignment {
  /** Wires that have this value in every completion. */
  readonly values: ReadonlyMap<number, bigint>;
  /** Wires on which no row depends any more: any value will do. */
  readonly free: readonly number[];
}

/**
 * @param fixed values of the wires that are given; wire 0 need not be among them
 * @throws Error if a wire is neither in such a square nor ever determined by a linear row
 */
export function enumerateAssignments(
  rows: readonly CollectedRow[],
  fixed: ReadonlyMap<number, bigint>,
): Assignment[] {
  return new Search(rows, fixed).run();
}

/** A sum split into what is known of it and its open terms. */
interface PartialSum {
  readonly known: bigint;
  readonly open: ReadonlyMap<number, bigint>;
}

/** What a row says about open wires now. */
type Finding =
  | { readonly kind: 'contradiction' | 'satisfied' | 'undecided' }
  | { readonly kind: 'solved'; readonly wire: number; readonly value: bigint };

class Search {
  readonly #rows: readonly CollectedRow[];
  readonly #rowsOf = new Map<number, number[]>();
  /** The sums l of the rows l · l = l. */
  readonly #squares: CollectedSum[] = [];
  readonly #values = new Map<number, bigint>();
  readonly #found: Assignment[] = [];

  constructor(rows: readonly CollectedRow[], fixed: ReadonlyMap<number, bigint>) {
    this.#rows = rows;
    this.#values.set(0, 1n);
    for (const [wire, value] of fixed) this.#values.set(wire, reduce(value));
    rows.forEach((row, i) => {
      for (const wire of wiresOf(row)) {
        const list = this.#rowsOf.get(wire) ?? [];
        list.push(i);
        this.#rowsOf.set(wire, list);
      }
      if (isBooleanSquare(row)) this.#squares.push(row.a);
    });
  }

  run(): Assignment[] {
    const trail: number[] = [];
    if (this.#propagate([...this.#rows.keys()], trail)) this.#branch();
    return this.#found;
  }

  #branch(): void {
    const choice = this.#choice();
    if (choice === undefined) {
      this.#record();
      return;
    }
    for (const value of choice.values) {
      const trail = [choice.wire];
      this.#values.set(choice.wire, value);
      if (this.#propagate(this.#rowsOf.get(choice.wire)!, trail)) this.#branch();
      for (const assigned of trail) this.#values.delete(assigned);
    }
  }

  /** The first square with one open wire, and the wire's values that make its sum 0 and 1. */
  #choice(): { wire: number; values: bigint[] } | undefined {
    for (const sum of this.#squares) {
      const { known, open } = this.#split(sum);
      if (open.size !== 1) continue;
      const [[wire, factor]] = [...open] as [[number, bigint]];
      const values = [0n, 1n].map((target) => reduce((target - known) * inverseOf(factor)));
      return { wire, values };
    }
    return undefined;
  }

  /** Follows the rows given, and those that their findings reach. False on a contradiction. */
  #propagate(start: readonly number[], trail: number[]): boolean {
    const queue = [...start];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const finding = this.#examine(this.#rows[next]!);
      if (finding.kind === 'contradiction') return false;
      if (finding.kind !== 'solved') continue;
      this.#values.set(finding.wire, finding.value);
      trail.push(finding.wire);
      queue.push(...this.#rowsOf.get(finding.wire)!);
    }
    return true;
  }

  #examine(row: CollectedRow): Finding {
    let [a, b] = [this.#split(row.a), this.#split(row.b)];
    const c = this.#split(row.c);
    if (a.open.size > 0) [a, b] = [b, a];
    if (a.open.size > 0) return { kind: 'undecided' };
    const open = new Map<number, bigint>();
    for (const [wire, factor] of b.open) open.set(wire, reduce(a.known * factor));
    for (const [wire, factor] of c.open) open.set(wire, reduce((open.get(wire) ?? 0n) - factor));
    return linearFinding(reduce(a.known * b.known - c.known), open);
  }

  #split(sum: CollectedSum): PartialSum {
    let known = 0n;
    const open = new Map<number, bigint>();
    for (const [wire, factor] of sum) {
      const value = this.#values.get(wire);
      if (value === undefined) open.set(wire, factor);
      else known += factor * value;
    }
    return { known: reduce(known), open };
  }

  #record(): void {
    const undecided = this.#rows.some((row) => this.#examine(row).kind !== 'satisfied');
    if (undecided) throw new Error('enumerateAssignments: a wire is neither boolean nor linear');
    const free = [...this.#rowsOf.keys()].filter((wire) => !this.#values.has(wire));
    this.#found.push({ values: new Map(this.#values), free });
  }
}

/** Of the equation known + Σ factor · wire = 0. */
function linearFinding(known: bigint, open: ReadonlyMap<number, bigint>): Finding {
  const effective = [...open].filter(([, factor]) => factor !== 0n);
  const [first, second] = effective;
  if (first === undefined) return { kind: known === 0n ? 'satisfied' : 'contradiction' };
  if (second !== undefined) return { kind: 'undecided' };
  return { kind: 'solved', wire: first[0], value: reduce(-known * inverseOf(first[1])) };
}

function wiresOf({ a, b, c }: CollectedRow): Set<number> {
  return new Set([a, b, c].flatMap((sum) => sum.map(([wire]) => wire)));
}

function isBooleanSquare({ a, b, c }: CollectedRow): boolean {
  const text = (sum: CollectedSum) => sum.map((term) => term.join()).join(';');
  return text(a) === text(b) && text(b) === text(c);
}

const inverses = new Map<bigint, bigint>();

function inverseOf(value: bigint): bigint {
  const known = inverses.get(value) ?? invert(value);
  inverses.set(value, known);
  return known;
}
