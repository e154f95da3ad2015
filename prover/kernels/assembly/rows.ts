/** From the witness to the scalars of H: rows of A and B, and what is done pointwise with arrays of cells. */
import { limbsFromBytes } from './elements';
import {
  FROM_512,
  multiply,
  multiplySubtract,
  normalize,
  PLAIN_ONE,
  TO_MONTGOMERY,
  ZERO,
} from './fr/field';
import { gatherElement } from './lanes';
import { recordsFromCell } from './scalars';
import { clearWords, temporary } from './thread';

/** Elements from integers below r of 32 bytes, `stride` bytes apart, times a constant: at most 0.5, see `limbsFromBytes`. */
function convert(bytes: usize, stride: usize, out: usize, from: u32, to: u32, factor: usize): void {
  const cell = temporary(0);
  for (let i = from; i < to; i++) {
    limbsFromBytes(cell, 16, bytes + stride * i);
    limbsFromBytes(cell + 8, 16, bytes + stride * (i + 1 < to ? i + 1 : i));
    multiplySubtract(cell, cell, factor, ZERO);
    storeLane(out + 40 * i, cell);
    i++;
    if (i < to) storeLane(out + 40 * i, cell + 8);
  }
}

function storeLane(element: usize, lane: usize): void {
  for (let limb: usize = 0; limb < 5; limb++) {
    store<f64>(element + 8 * limb, load<f64>(lane + 16 * limb));
  }
}

/** Elements of the witness. */
export function convertWitness(bytes: usize, out: usize, from: u32, to: u32): void {
  convert(bytes, 32, out, from, to, TO_MONTGOMERY);
}

/** Coefficients of a proving key (v·2^512), 44 bytes apart. */
export function convertCoefficients(bytes: usize, out: usize, from: u32, to: u32): void {
  convert(bytes, 44, out, from, to, FROM_512);
}

/** Carried sums take three more terms before they must be carried again: limbs 2^52, values 0.5 + 3 · 0.73. */
const TERMS_PER_CARRY: u32 = 3;

/**
 * Rows from..to (even, or the end) of a matrix times the witness. `starts` has where each row's terms begin, and the end;
 * a term is 8 bytes: wire, then 0 for a coefficient 1, 1 for −1, or 2 plus the coefficient's number.
 */
export function evaluateRows(
  starts: usize,
  terms: usize,
  coefficients: usize,
  witness: usize,
  out: usize,
  from: u32,
  to: u32,
): void {
  const sum = temporary(0);
  for (let row = from; row < to; row++) {
    clearWords(sum, 80);
    const end = load<u32>(starts + 4 * row + 4);
    let pending: u32 = 0;
    for (let at = load<u32>(starts + 4 * row); at < end; at++) {
      addTerm(sum, terms + 8 * at, coefficients, witness);
      pending++;
      if (pending < TERMS_PER_CARRY) continue;
      normalize(sum, sum);
      pending = 0;
    }
    if (pending > 0) normalize(sum, sum);
    const to = out + 80 * (row >> 1) + 8 * (row & 1);
    for (let i: usize = 0; i < 80; i += 16) store<f64>(to + i, load<f64>(sum + i));
  }
}

function addTerm(sum: usize, term: usize, coefficients: usize, witness: usize): void {
  const value = witness + 40 * <usize>load<u32>(term);
  const kind = load<u32>(term, 4);
  if (kind === 0) {
    for (let i: usize = 0; i < 5; i++) {
      store<f64>(sum + 16 * i, load<f64>(sum + 16 * i) + load<f64>(value + 8 * i));
    }
  } else if (kind === 1) {
    for (let i: usize = 0; i < 5; i++) {
      store<f64>(sum + 16 * i, load<f64>(sum + 16 * i) - load<f64>(value + 8 * i));
    }
  } else {
    const coefficient = coefficients + 40 * <usize>(kind - 2);
    const x = temporary(1);
    const y = temporary(2);
    gatherElement(x, value, value);
    gatherElement(y, coefficient, coefficient);
    multiply(x, x, y);
    for (let i: usize = 0; i < 80; i += 16) {
      store<f64>(sum + i, load<f64>(sum + i) + load<f64>(x + i));
    }
  }
}

/** out = a·b, cells from..to; of carried rows, at most 0.5, products are at most 0.379 · 0.25 + 0.6225 < 0.72. */
export function multiplyCells(out: usize, a: usize, b: usize, from: u32, to: u32): void {
  for (let i = from; i < to; i++) multiply(out + 80 * i, a + 80 * i, b + 80 * i);
}

/**
 * Cells times elements in the same order. Cells come from levels of a transform that do not carry all (`ntt.ts`): limbs below
 * 2^52, values below 2.6. Factors are carried and centred: limbs 2^50, values 0.5. So products of limbs are below 2^102, the most
 * that can be split exactly, and results are at most 0.379 · 2.6 · 0.5 + 0.6225 < 1.12.
 */
export function scaleCells(values: usize, factors: usize, from: u32, to: u32): void {
  const factor = temporary(0);
  for (let i = from; i < to; i++) {
    gatherElement(factor, factors + 80 * i, factors + 80 * i + 40);
    multiply(values + 80 * i, values + 80 * i, factor);
  }
}

/**
 * Records of a·b − c in normal form. Transforms leave values of at most 1.12: what is folded is at most 0.379 · 1.12² + 0.63 +
 * 1.12 < 2.3. Times 1 it is at most 0.6225·r < 2^253 in magnitude, as records want it.
 */
export function quotientRecords(
  records: usize,
  a: usize,
  b: usize,
  c: usize,
  offsetLimbs: usize,
  from: u32,
  to: u32,
): void {
  const cell = temporary(0);
  for (let i = from; i < to; i++) {
    multiplySubtract(cell, a + 80 * i, b + 80 * i, c + 80 * i);
    multiply(cell, cell, PLAIN_ONE);
    recordsFromCell(records + 80 * i, cell, offsetLimbs);
  }
}
