/**
 * Writes a prime field's arithmetic with the contract of `field-source.mjs` (same cells, same ranges) on 64-bit integers, for
 * machines whose multiply-add rounds twice.
 *
 * Magnitudes are multiplied, in 10 words of 28 bits: a column takes 20 products of 2^56, and carries, below 2^61. Montgomery
 * reduction takes nine words off, then three bits: 9·28 + 3 = 255. The result is in [0, 0.379·x·y + 1) times p; p is subtracted
 * from what is above p/2, then the sign is put back: at most 0.379·x·y + 0.5, less than there.
 */
import { completeSource, inverseModLimb } from './field-source.mjs';

const WORDS = 10;
const WORD_BITS = 28;
const LAST_BITS = 3;
const LIMB_BITS = 51;
const LIMBS = 5;

/** Same parameters and same exports as `fieldSource`. */
export function scalarFieldSource(modulus, address) {
  return completeSource(modulus, address, (_, field) => [
    "import { copyWords, temporary } from '../thread';",
    productSource(field.modulus),
    COMPOSITIONS,
  ]);
}

/** One lane's product: `out`, `a` and `b` are addresses of first limbs, 16 bytes apart. */
function productSource(modulus) {
  const lines = [];
  const emit = (line) => lines.push(`  ${line}`);
  emit('let negative = false;');
  for (const name of ['a', 'b']) emitWords(emit, name);
  for (let j = 0; j < WORDS; j++) emit(`let t${j}: u64 = 0;`);
  emit('let q: u64;');
  const mask = (1n << BigInt(WORD_BITS)) - 1n;
  const words = Array.from({ length: WORDS }, (_, j) => (modulus >> BigInt(WORD_BITS * j)) & mask);
  const negativeInverse = -inverseModLimb(modulus) & mask;
  for (let i = 0; i < WORDS; i++) {
    for (let j = 0; j < WORDS; j++) emit(`t${j} += a${i} * b${j};`);
    const isLast = i === WORDS - 1;
    emit(`q = (t0 * ${negativeInverse}) & ${isLast ? (1 << LAST_BITS) - 1 : mask};`);
    words.forEach((word, j) => {
      emit(`t${j} += q * ${word};`);
    });
    if (isLast) continue;
    emit(`t1 += t0 >> ${WORD_BITS};`);
    for (let j = 1; j < WORDS; j++) emit(`t${j - 1} = t${j};`);
    emit(`t${WORDS - 1} = 0;`);
  }
  emitCarriedWords(emit, mask);
  emitLimbs(emit, modulus);
  return `function multiplyLane(out: usize, a: usize, b: usize): void {\n${lines.join('\n')}\n}\n`;
}

/** Limbs, carried and made positive, cut into words. */
function emitWords(emit, name) {
  for (let i = 0; i < LIMBS; i++) {
    const limb = `<i64>load<f64>(${name}, ${16 * i})`;
    emit(`let ${name}l${i} = ${limb}${i === 0 ? '' : ` + (${name}l${i - 1} >> ${LIMB_BITS})`};`);
  }
  // The sign of the carried number is that of its top limb; its negative is carried again.
  emit(`if (${name}l4 < 0) {`);
  emit('  negative = !negative;');
  for (let i = 0; i < LIMBS - 1; i++) emit(`  ${name}l${i} = -(${name}l${i} & 0x7ffffffffffff);`);
  emit(`  ${name}l4 = -${name}l4;`);
  for (let i = 1; i < LIMBS; i++) emit(`  ${name}l${i} += ${name}l${i - 1} >> ${LIMB_BITS};`);
  emit('}');
  for (let i = 0; i < LIMBS - 1; i++) emit(`${name}l${i} &= 0x7ffffffffffff;`);
  for (let j = 0; j < WORDS; j++) {
    const limb = Math.floor((WORD_BITS * j) / LIMB_BITS);
    const offset = (WORD_BITS * j) % LIMB_BITS;
    const isSplit = limb < LIMBS - 1 && offset + WORD_BITS > LIMB_BITS;
    const high = isSplit ? ` | (${name}l${limb + 1} << ${LIMB_BITS - offset})` : '';
    emit(`const ${name}${j} = <u64>(((${name}l${limb} >> ${offset})${high}) & 0xfffffff);`);
  }
}

/** The sum over 2^3, carried: 10 words. */
function emitCarriedWords(emit, mask) {
  for (let j = 1; j < WORDS; j++) emit(`t${j} += t${j - 1} >> ${WORD_BITS};`);
  for (let j = 0; j < WORDS - 1; j++) {
    const next = j + 1 < WORDS - 1 ? `(t${j + 1} & ${mask})` : `t${j + 1}`;
    emit(
      `t${j} = (((t${j} & ${mask}) >> ${LAST_BITS}) | (${next} << ${WORD_BITS - LAST_BITS})) & ${mask};`,
    );
  }
  emit(`t${WORDS - 1} >>= ${LAST_BITS};`);
}

/** Words as centred limbs, less p if they are above p/2, with the sign put back. */
function emitLimbs(emit, modulus) {
  const limbMask = (1n << BigInt(LIMB_BITS)) - 1n;
  for (let i = 0; i < LIMBS; i++) {
    const word = Math.floor((LIMB_BITS * i) / WORD_BITS);
    const offset = (LIMB_BITS * i) % WORD_BITS;
    const parts = [`(t${word} >> ${offset})`];
    for (let next = word + 1; next < WORDS && WORD_BITS * (next - word) - offset < 64; next++) {
      parts.push(`(t${next} << ${WORD_BITS * (next - word) - offset})`);
    }
    const mask = i < LIMBS - 1 ? ` & ${limbMask}` : '';
    emit(`let l${i} = <i64>((${parts.join(' | ')})${mask});`);
  }
  const half = (modulus >> BigInt(LIMB_BITS * (LIMBS - 1))) / 2n;
  emit(`if (l4 > ${half}) {`);
  for (let i = 0; i < LIMBS; i++) {
    const limb = modulus >> BigInt(LIMB_BITS * i);
    emit(`  l${i} -= ${i < LIMBS - 1 ? limb & limbMask : limb};`);
  }
  emit('}');
  emit('if (negative) {');
  for (let i = 0; i < LIMBS; i++) emit(`  l${i} = -l${i};`);
  emit('}');
  const halfLimb = 1n << BigInt(LIMB_BITS - 1);
  for (let i = 0; i < LIMBS - 1; i++) {
    emit(`const c${i} = (l${i} + ${halfLimb}) >> ${LIMB_BITS};`);
    emit(`store<f64>(out, <f64>(l${i} - (c${i} << ${LIMB_BITS})), ${16 * i});`);
    emit(`l${i + 1} += c${i};`);
  }
  emit(`store<f64>(out, <f64>l4, ${16 * (LIMBS - 1)});`);
}

/** The other functions, from products, sums and `normalize`. They use temporaries 28 to 31. */
const COMPOSITIONS = `
function addTo(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 80; i += 16) {
    v128.store(out + i, f64x2.add(v128.load(a + i), v128.load(b + i)));
  }
}

function subtractTo(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 80; i += 16) {
    v128.store(out + i, f64x2.sub(v128.load(a + i), v128.load(b + i)));
  }
}

export function multiply(out: usize, a: usize, b: usize): void {
  const product = temporary(28);
  multiplyLane(product, a, b);
  multiplyLane(product + 8, a + 8, b + 8);
  copyWords(out, product, 80);
}

export function square(out: usize, a: usize): void {
  multiply(out, a, a);
}

export function multiplySubtract(out: usize, a: usize, b: usize, m: usize): void {
  const product = temporary(29);
  multiply(product, a, b);
  subtractTo(product, product, m);
  normalize(out, product);
}

export function dot(out: usize, a: usize, b: usize, c: usize, d: usize): void {
  const sum = temporary(29);
  multiply(sum, a, b);
  multiply(temporary(30), c, d);
  addTo(sum, sum, temporary(30));
  normalize(out, sum);
}

export function dotSubtract(
  out: usize, a: usize, b: usize, c: usize, d: usize, m: usize,
): void {
  const sum = temporary(29);
  multiply(sum, a, b);
  multiply(temporary(30), c, d);
  addTo(sum, sum, temporary(30));
  subtractTo(sum, sum, m);
  normalize(out, sum);
}

export function butterflyInTime(a: usize, b: usize, w: usize): void {
  const product = temporary(29);
  multiply(product, b, w);
  subtractTo(b, a, product);
  addTo(a, a, product);
}

export function butterflyInTimeCarrying(a: usize, b: usize, w: usize): void {
  normalize(a, a);
  butterflyInTime(a, b, w);
}

export function butterflyInFrequency(a: usize, b: usize, w: usize): void {
  const difference = temporary(29);
  subtractTo(difference, a, b);
  addTo(a, a, b);
  normalize(a, a);
  multiply(b, difference, w);
}
`;
