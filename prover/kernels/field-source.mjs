/**
 * Writes the AssemblyScript source of a prime field's arithmetic: two products at once in the lanes of 128-bit vectors, by
 * fused multiply-add on doubles (N. Emmart, "Faster modular exponentiation using double precision floating point
 * arithmetic"; the paired WebAssembly form is Yrrid and Snarkify's ZPrize 2023 entry).
 *
 * An element x is stored as x·R mod p, R = 2^255, in 5 limbs of 51 bits, each a double that holds a whole number:
 * value = Σ limb_i · 2^(51·i). Limbs are signed. A cell holds two elements, 80 bytes: limb i of the first at byte 16·i, of
 * the second at 16·i + 8.
 *
 * Splitting a product of limbs. For |a·b| ≤ 2^102: hi = fma(a, b, 3·2^102) lies in [2^103, 2^104], where doubles are
 * 2^51 apart, so hi = 3·2^102 + m·2^51, and its bits are those of 3·2^102 plus m. Then fma(a, b, 3·2^102 + 3·2^51 − hi) =
 * 3·2^51 + l with l = a·b − m·2^51 in [−2^50, 2^50], exact, with the bits of 3·2^51 plus l. Bits are summed as 64-bit
 * integers, one sum for each column of weight 2^(51·k); the known constants are taken off where the sums start.
 *
 * Reduction (P. Montgomery) in rows i = 0 to 4, each of which empties column i. Four rows lift: the column's lowest limb,
 * |q| ≤ 2^50, comes off, and q·2^-51 mod p goes one column higher: no product is waited for between a column and its q. The last
 * row cancels: q = −s_4/p mod 2^51 by the same trick from mu = −1/p, |q| ≤ 2^50. Column 4 plus the low half of q·p_0 is a multiple
 * of 2^51, and that half is in [−2^50, 2^50]: the carry is therefore s_4/2^51 rounded, known before q is. On a tie
 * (s_4 = 2^50 mod 2^51) t·mu is an odd multiple of 2^50; rounding to even makes q = 2^50 if mu = 1 mod 4 and −2^50 if
 * mu = 3; as p·mu = −1 mod 4, q·p_0 then leaves l = −2^50 in both cases: ties round down.
 *
 * Ranges, in units of p. For |a| ≤ x and |b| ≤ y the result is at most 0.379·x·y + 0.63: p/R < 0.379, the cancelled limb adds at
 * most 0.5 + 2^-50, the last lifted one half of |2^-51 mod p| ≤ 0.26, those before next to nothing. Limbs of results are in
 * [−2^50, 2^50) but for the top one, which is below 2^51 as long as the value is below 2.6. So a sum of two results can be
 * multiplied by a sum of two results without carrying: limbs 2^51 · 2^51. Columns stay below 2^57 (20 products of
 * 2^51, twice for a sum of two products).
 * They start 2^62 too high, so that a logical shift carries; the 2^11 too much is taken off the next column.
 */

const LIMBS = 5;
const LIMB = 1n << 51n;
const HALF_LIMB = LIMB / 2n;

/** Added to make the halves of a product whole numbers in the low bits. */
const HI = 3n << 102n;
const LO = 3n << 51n;

const BIAS = 1n << 62n;

/** Rows whose lowest limb is lifted; that of the last row is cancelled. */
const LIFTED_ROWS = [0, 1, 2, 3];

const R = 1n << 255n;
const CELL_BYTES = 80;

/** Bytes of a field's constants in memory: words first, then cells. */
export const CONSTANT_BYTES = 3072;
const WORDS_BYTES = 2048;

/** The bits of a double. */
function realBits(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigInt64(0);
}

/** The bits of a whole number as a double. */
function doubleBits(value) {
  if (BigInt(Number(value)) !== value) throw new RangeError(`${value} is no double`);
  return realBits(Number(value));
}

/** The residue mod 2^51 in [−2^50, 2^50). */
function centred(value) {
  const low = ((value % LIMB) + LIMB) % LIMB;
  return low >= HALF_LIMB ? low - LIMB : low;
}

/** Limbs of a number, centred but for the last. */
export function limbsOf(value) {
  const limbs = [];
  let rest = value;
  for (let i = 0; i < LIMBS - 1; i++) {
    const limb = centred(rest);
    limbs.push(limb);
    rest = (rest - limb) / LIMB;
  }
  return [...limbs, rest];
}

/** The inverse of an odd number mod 2^51. */
export function inverseModLimb(odd) {
  let inverse = 1n;
  for (let i = 0; i < 6; i++) inverse = (inverse * (2n - odd * inverse)) & (LIMB - 1n);
  return inverse;
}

/** 2^-51 mod p in (−p/2, p/2). @throws RangeError if it is more than the ranges above allow */
function liftFactor(modulus) {
  let factor = 1n;
  for (let i = 0; i < 51; i++) factor = (factor % 2n === 0n ? factor : factor + modulus) / 2n;
  if (factor > modulus / 2n) factor -= modulus;
  if (100n * (factor < 0n ? -factor : factor) > 26n * modulus) {
    throw new RangeError('2^-51 mod p is more than 0.26·p');
  }
  return factor;
}

/**
 * The source of a field's arithmetic on cells.
 * @param modulus a prime between 2^253 and 2^254
 * @param address where in memory its constants go
 */
export function fieldSource(modulus, address) {
  return completeSource(modulus, address, fusedFunctions);
}

/** What `functions(pool, field)` write, what both variants share, and constants. */
export function completeSource(modulus, address, functions) {
  const field = {
    modulus,
    limbs: limbsOf(modulus),
    mu: centred(-inverseModLimb(modulus)),
    perModulus: 2 ** 204 / Number(modulus),
    lift: limbsOf(liftFactor(modulus)),
  };
  const pool = new ConstantPool(address, constantCells(modulus));
  const body = [...functions(pool, field), normalization(pool, field)];
  return [...body, pool.source(), modulusSource(modulus)].join('\n');
}

function fusedFunctions(pool, field) {
  const operands = ['a', 'b'];
  return [
    multiplication(pool, field, { name: 'multiply', products: [operands] }),
    multiplication(pool, field, { name: 'multiplySubtract', products: [operands], minus: true }),
    multiplication(pool, field, { name: 'dot', products: [operands, ['c', 'd']], fold: true }),
    multiplication(pool, field, {
      name: 'dotSubtract',
      products: [operands, ['c', 'd']],
      minus: true,
    }),
    multiplication(pool, field, { name: 'square', products: [['a', 'a']] }),
    decimationInTimeButterfly(pool, field, 'butterflyInTime'),
    decimationInTimeButterfly(pool, field, 'butterflyInTimeCarrying', true),
    decimationInFrequencyButterfly(pool, field),
  ];
}

/** The modulus in 9 words of 30 bits, and its inverse mod 2^30, for inversions. */
function modulusSource(modulus) {
  const words = Array.from({ length: 9 }, (_, i) => (modulus >> BigInt(30 * i)) & (2n ** 30n - 1n));
  const inverse = inverseModLimb(modulus) & (2n ** 30n - 1n);
  const cases = words.map((word, i) => `  if (i === ${i}) return ${word};`);
  return [
    `export const MODULUS_INVERSE: i32 = ${inverse};`,
    'export function modulusWord(i: i32): i32 {',
    ...cases,
    '  return 0;',
    '}',
    '',
  ].join('\n');
}

/** Elements that kernels multiply by, both lanes equal. */
function constantCells(modulus) {
  const quarter = ((modulus + 1n) / 2n) ** 2n % modulus;
  return {
    ZERO: 0n,
    /** 1 in Montgomery form. */
    ONE: R % modulus,
    /** Multiplying by it takes the factor R off. */
    PLAIN_ONE: 1n,
    /** From normal to Montgomery form. */
    TO_MONTGOMERY: R ** 2n % modulus,
    /** From x·2^256 to x·2^255. */
    FROM_256: 2n ** 254n % modulus,
    /** From x·2^512 to x·2^255. */
    FROM_512: quarter,
    /** From the inverse of x·R to x^-1·R. */
    FROM_INVERSE: R ** 3n % modulus,
    /** 3 in Montgomery form. */
    THREE: (3n * R) % modulus,
  };
}

/** Words that generated code loads into both lanes, written to memory by the generated `initConstants`. */
class ConstantPool {
  #words = [];
  #address;
  #cells;

  constructor(address, cells) {
    this.#address = address;
    this.#cells = cells;
  }

  word(bits) {
    const wrapped = BigInt.asIntN(64, bits);
    const found = this.#words.indexOf(wrapped);
    return `v128.load(${this.#addressOf(found < 0 ? this.#words.push(wrapped) - 1 : found)})`;
  }

  /** Words behind each other, read at a multiple of 16. */
  table(at, words) {
    const wrapped = words.map((word) => BigInt.asIntN(64, word));
    const first = this.#words.push(...wrapped) - wrapped.length;
    return `v128.load(${at}, ${this.#addressOf(first)})`;
  }

  whole(value) {
    return this.word(doubleBits(value));
  }

  real(value) {
    return this.word(realBits(value));
  }

  source() {
    const stores = this.#words.flatMap((word, i) =>
      [0, 8].map((lane) => `  store<i64>(${this.#addressOf(i) + lane}, ${word});`),
    );
    const cells = Object.entries(this.#cells);
    const names = cells.map(
      ([name], n) => `export const ${name}: usize = ${this.#cellAddress(n)};`,
    );
    const cellStores = cells.flatMap(([, value], n) =>
      limbsOf(value).flatMap((limb, i) =>
        [0, 8].map((lane) => `  store<f64>(${this.#cellAddress(n) + 16 * i + lane}, ${limb}.0);`),
      ),
    );
    const body = [...stores, ...cellStores];
    return [...names, 'export function initConstants(): void {', ...body, '}', ''].join('\n');
  }

  #cellAddress(n) {
    return this.#address + WORDS_BYTES + CELL_BYTES * n;
  }

  #addressOf(index) {
    if (16 * index >= WORDS_BYTES) throw new RangeError('more constants than there is room for');
    return this.#address + 16 * index;
  }
}

/**
 * One function's body. Rows run in a loop: w0 to w6 are columns i to i + 6 of row i. V8 orders straight code by depth, far from
 * how it was written, and spills: all rows written out made an addition of points take 266 ns (cancelling) or 288 ns
 * (lifting), the loop 245 ns. A square with 15 products instead of 25 has rows that differ, so it would be written out: the 7 ns
 * that this costs a multiplication are what the ten products save.
 */
class ColumnWriter {
  lines = [];
  #offsets = new Array(2 * LIMBS).fill(0n);
  #pool;
  #field;

  constructor(pool, field) {
    this.#pool = pool;
    this.#field = field;
    this.emit(`const c1 = ${pool.whole(HI)};`);
    this.emit(`const c2 = ${pool.whole(HI + LO)};`);
    this.emit('let h: v128, q: v128, t: v128;');
  }

  emit(line) {
    this.lines.push(`  ${line}`);
  }

  /** Σ of products, reduced to columns s5 to s9. A product is limb i (an expression in i) of its left factor, and a pointer. */
  reducedRows(products) {
    for (let k = 0; k <= LIMBS; k++) this.emit(`let w${k} = @start${k}@;`);
    this.emit('let w6: v128;');
    this.emit('let i: usize = 0;');
    this.emit('do {');
    this.emit('w6 = @starts@;');
    this.#addProducts(products, LIFTED_ROWS);
    this.#liftLimb();
    this.emit('i += 16;');
    this.emit(`} while (i < ${16 * LIFTED_ROWS.length});`);
    this.#addProducts(products, [LIMBS - 1]);
    this.#cancelLimb();
    for (let k = 1; k <= LIMBS; k++) this.emit(`let s${LIMBS - 1 + k} = w${k};`);
  }

  #addProducts(products, rows) {
    products.forEach(([limb], n) => {
      this.emit(`const x${n}_${rows.length} = ${limb};`);
    });
    for (let j = 0; j < LIMBS; j++) {
      products.forEach(([, pointer], n) => {
        this.emit(`t = v128.load(${pointer}, ${16 * j});`);
        this.#addProduct(rows, j, `x${n}_${rows.length}`);
      });
    }
  }

  /** Adds x · t to columns k and k + 1 of the window. */
  #addProduct(rows, k, x) {
    this.#addHigh(rows, k, x);
    this.#addToWindow(rows, k, `f64x2.relaxed_madd(${x}, t, f64x2.sub(c2, h))`, LO);
  }

  #addHigh(rows, k, x) {
    this.emit(`h = f64x2.relaxed_madd(${x}, t, c1);`);
    this.#addToWindow(rows, k + 1, 'h', HI);
  }

  #addToWindow(rows, k, term, constant) {
    this.emit(`w${k} = i64x2.add(w${k}, ${term});`);
    for (const row of rows) this.#offsets[row + k] += doubleBits(constant);
  }

  /** Takes the lowest limb off, carried, and puts it back one column higher times 2^-51 mod p. Moves on by a column. */
  #liftLimb() {
    this.emit(`q = ${this.#centredLimb('w0')};`);
    this.emit('w1 = i64x2.add(w1, i64x2.shr_u(w0, 51));');
    this.#field.lift.forEach((limb, j) => {
      this.emit(`t = ${this.#pool.whole(limb)};`);
      this.#addProduct(LIFTED_ROWS, j + 1, 'q');
    });
    for (let k = 0; k <= LIMBS; k++) this.emit(`w${k} = w${k + 1};`);
  }

  /** Adds q·p so that the lowest column vanishes, and carries it. */
  #cancelLimb() {
    const pool = this.#pool;
    const { limbs, mu } = this.#field;
    // The bits of t under the exponent of 2^52 are the double 2^52 + t; the constant takes 2^52·mu off again.
    this.emit(`q = v128.or(v128.and(w0, ${pool.word(LIMB - 1n)}), ${pool.whole(1n << 52n)});`);
    this.emit(`t = ${pool.whole(mu)};`);
    this.emit(`h = ${pool.whole(HI - (mu << 52n))};`);
    this.emit('q = f64x2.relaxed_madd(q, t, f64x2.sub(h, f64x2.relaxed_madd(q, t, h)));');
    this.emit(`t = i64x2.shr_u(i64x2.add(w0, ${pool.word(HALF_LIMB - 1n)}), 51);`);
    this.emit('w1 = i64x2.add(w1, t);');
    limbs.forEach((limb, j) => {
      this.emit(`t = ${pool.whole(limb)};`);
      if (j === 0) this.#addHigh([LIMBS - 1], j, 'q');
      else this.#addProduct([LIMBS - 1], j, 'q');
    });
  }

  /** Subtracts R times the element at a pointer, whose limbs are at most 2^51. */
  subtract(pointer) {
    for (let i = 0; i < LIMBS; i++) {
      const limb = `f64x2.sub(${this.#pool.whole(LO)}, v128.load(${pointer}, ${16 * i}))`;
      this.#addTo(LIMBS + i, limb, LO);
    }
  }

  /**
   * Subtracts the nearest multiple k·p, |k| ≤ 2, told from the top column alone: the others change it by less than 2^-40.
   * What remains is at most 0.5 + 2^-38.
   */
  fold() {
    const pool = this.#pool;
    const { limbs, perModulus } = this.#field;
    this.emit(`h = f64x2.sub(s9, ${pool.whole(LO)});`);
    this.emit(
      `q = f64x2.sub(f64x2.relaxed_madd(h, ${pool.real(perModulus)}, ${pool.whole(LO)}), ${pool.whole(LO)});`,
    );
    for (let i = 0; i < LIMBS - 1; i++) {
      const multiple = `f64x2.relaxed_madd(q, ${pool.whole(-limbs[i])}, ${pool.whole(LO)})`;
      this.#addTo(LIMBS + i, multiple, LO);
    }
    this.emit(`const top = f64x2.mul(q, ${pool.whole(-limbs[LIMBS - 1])});`);
  }

  /** Carries the upper columns; the limbs are in r0 to r4 after. */
  finish(folded) {
    const pool = this.#pool;
    for (let i = 0; i < LIMBS - 1; i++) {
      const k = LIMBS + i;
      this.emit(`const r${i} = ${this.#centredLimb(`s${k}`)};`);
      this.emit(`s${k + 1} = i64x2.add(s${k + 1}, i64x2.shr_u(s${k}, 51));`);
    }
    const last = `f64x2.sub(s9, ${pool.whole(LO)})`;
    this.emit(`const r4 = ${folded ? `f64x2.add(${last}, top)` : last};`);
  }

  /**
   * Puts limbs less the nearest multiple of p into constants, as `normalization` does it and for the same ranges, but all limbs
   * carry at once, none waits for the one below: |limb − k·p_i| < 2^53, so they end up at most 2^50 + 4. Apart and in order,
   * carrying made up to 9 of a butterfly's 49 ns.
   */
  carry(limbs, name) {
    const pool = this.#pool;
    const field = this.#field;
    const round = (value, factor) => {
      const rounded = `f64x2.relaxed_madd(${value}, ${pool.real(factor)}, ${pool.whole(LO)})`;
      return `f64x2.sub(${rounded}, ${pool.whole(LO)})`;
    };
    limbs.forEach((limb, i) => {
      this.emit(`const ${name}l${i} = ${limb};`);
    });
    this.emit(`const ${name}k = ${round(`${name}l4`, field.perModulus)};`);
    limbs.forEach((_, i) => {
      const multiple = pool.whole(-field.limbs[i]);
      this.emit(`let ${name}${i} = f64x2.relaxed_madd(${name}k, ${multiple}, ${name}l${i});`);
    });
    for (let i = 0; i < LIMBS - 1; i++) {
      this.emit(`const ${name}c${i} = ${round(`${name}${i}`, 2 ** -51)};`);
      const rest = `f64x2.relaxed_madd(${name}c${i}, ${pool.whole(-LIMB)}, ${name}${i})`;
      this.emit(`${name}${i} = ${i === 0 ? rest : `f64x2.add(${rest}, ${name}c${i - 1})`};`);
    }
    this.emit(`${name}4 = f64x2.add(${name}4, ${name}c3);`);
  }

  store(pointer) {
    for (let i = 0; i < LIMBS; i++) this.emit(`v128.store(${pointer}, r${i}, ${16 * i});`);
  }

  source(name, pointers) {
    const parameters = pointers.map((pointer) => `${pointer}: usize`).join(', ');
    const body = this.lines
      .join('\n')
      .replace(/@start(\d)@/g, (_, k) => this.#pool.word(this.#startOf(Number(k))))
      .replace('@starts@', () =>
        this.#pool.table(
          'i',
          [6, 7, 8, 9].map((k) => this.#startOf(k)),
        ),
      );
    return `export function ${name}(${parameters}): void {\n${body}\n}\n`;
  }

  /** A column mod 2^51, in [−2^50, 2^50): what it starts with has 2^50 for rounding. */
  #centredLimb(column) {
    const pool = this.#pool;
    const bits = `v128.or(v128.and(${column}, ${pool.word(LIMB - 1n)}), ${pool.whole(1n << 52n)})`;
    return `f64x2.sub(${bits}, ${pool.whole((1n << 52n) + HALF_LIMB)})`;
  }

  #addTo(k, term, constant) {
    this.#offsets[k] += doubleBits(constant);
    this.emit(`s${k} = i64x2.add(s${k}, ${term});`);
  }

  /** Takes off the constants of the terms, puts on what carrying and rounding need. */
  #startOf(k) {
    const isTop = k === 2 * LIMBS - 1;
    const bias = isTop ? doubleBits(LO) : BIAS;
    const rounding = k !== LIMBS - 1 && !isTop ? HALF_LIMB : 0n;
    const carriedBias = k > 0 ? BIAS / LIMB : 0n;
    return bias + rounding - carriedBias - this.#offsets[k];
  }
}

/** Σ of products, optionally minus an element m; folded if there is one or told so. */
function multiplication(pool, field, { name, products, minus = false, fold = minus }) {
  const writer = new ColumnWriter(pool, field);
  writer.reducedRows(products.map(([a, b]) => [`v128.load(${a} + i)`, b]));
  if (minus) writer.subtract('m');
  if (fold) writer.fold();
  writer.finish(fold);
  writer.store('out');
  const operands = [...new Set(products.flat())];
  return writer.source(name, ['out', ...operands, ...(minus ? ['m'] : [])]);
}

/**
 * (a, b) becomes (a + w·b, a − w·b), a being carried before if told so. For limbs of b up to 2^52, those of w being at most
 * 2^50; results have limbs up to 2^50 more than a, or 2^51 + 4.
 */
function decimationInTimeButterfly(pool, field, name, carries = false) {
  const writer = new ColumnWriter(pool, field);
  writer.reducedRows([['v128.load(b + i)', 'w']]);
  writer.finish(false);
  const limbs = Array.from({ length: LIMBS }, (_, i) => `v128.load(a, ${16 * i})`);
  if (carries) writer.carry(limbs, 'y');
  for (let i = 0; i < LIMBS; i++) {
    if (!carries) writer.emit(`const y${i} = ${limbs[i]};`);
    writer.emit(`v128.store(a, f64x2.add(y${i}, r${i}), ${16 * i});`);
    writer.emit(`v128.store(b, f64x2.sub(y${i}, r${i}), ${16 * i});`);
  }
  return writer.source(name, ['a', 'b', 'w']);
}

/** (a, b) becomes (a + b, (a − b)·w), the sum carried. For limbs up to 2^51, those of w being at most 2^50. */
function decimationInFrequencyButterfly(pool, field) {
  const writer = new ColumnWriter(pool, field);
  writer.reducedRows([['f64x2.sub(v128.load(a + i), v128.load(b + i))', 'w']]);
  writer.finish(false);
  const sum = (i) => `f64x2.add(v128.load(a, ${16 * i}), v128.load(b, ${16 * i}))`;
  writer.carry(
    Array.from({ length: LIMBS }, (_, i) => sum(i)),
    'y',
  );
  for (let i = 0; i < LIMBS; i++) writer.emit(`v128.store(a, y${i}, ${16 * i});`);
  writer.store('b');
  return writer.source('butterflyInFrequency', ['a', 'b', 'w']);
}

/**
 * Subtracts the nearest multiple of p and carries: |value| ≤ 0.5 + 2^-38, limbs in [−2^50, 2^50]. For limbs up to 2^52 and
 * values up to 3.5: then |limb − k·p_i| ≤ 2^52 + 3·2^50 < 2^53, and every step is exact in doubles, products too: it needs no
 * fused multiply-add.
 */
function normalization(pool, field) {
  const lines = [
    `const lo = ${pool.whole(LO)};`,
    `let l4 = v128.load(a, 64);`,
    `const k = f64x2.sub(f64x2.add(f64x2.mul(l4, ${pool.real(field.perModulus)}), lo), lo);`,
    'let c: v128;',
  ];
  for (let i = 0; i < LIMBS - 1; i++) {
    const limb = `f64x2.add(f64x2.mul(k, ${pool.whole(-field.limbs[i])}), v128.load(a, ${16 * i}))`;
    lines.push(`let l${i} = ${i === 0 ? limb : `f64x2.add(c, ${limb})`};`);
    lines.push(`c = f64x2.sub(f64x2.add(f64x2.mul(l${i}, ${pool.real(2 ** -51)}), lo), lo);`);
    lines.push(`l${i} = f64x2.add(f64x2.mul(c, ${pool.whole(-LIMB)}), l${i});`);
    lines.push(`v128.store(out, l${i}, ${16 * i});`);
  }
  lines.push(`l4 = f64x2.add(c, f64x2.add(f64x2.mul(k, ${pool.whole(-field.limbs[4])}), l4));`);
  lines.push('v128.store(out, l4, 64);');
  const body = lines.map((line) => `  ${line}`).join('\n');
  return `export function normalize(out: usize, a: usize): void {\n${body}\n}\n`;
}
