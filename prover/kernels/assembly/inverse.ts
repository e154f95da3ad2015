/**
 * Inverses in the base field by division steps on numbers of 9 signed words of 30 bits (D. Bernstein, B.-Y. Yang, "Fast
 * constant-time gcd computation and modular inversion", 2019, in the variable-time form with 30 steps a round). Not
 * constant-time: what is inverted are sums of points of a proof in the making, on the prover's own machine.
 */
import { MODULUS_INVERSE, modulusWord } from './fp/field';
import { scratchBase } from './thread';

const WORDS: i32 = 9;
const MASK: i32 = 0x3fffffff;

/** Offsets in the thread's region of d, e, f, g, the modulus and the element's limbs. */
const D: usize = 0;
const E: usize = 64;
const F: usize = 128;
const G: usize = 192;
const M: usize = 256;
const LIMBS: usize = 320;

let u: i32 = 0;
let v: i32 = 0;
let q: i32 = 0;
let r: i32 = 0;

/** The integer inverse mod p of the element whose limbs are at `from`, `stride` bytes apart, in place; it is not 0 mod p. */
export function invertLimbs(from: usize, stride: usize): void {
  const base = scratchBase();
  toWords(base, from, stride);
  for (let i = 0; i < WORDS; i++) {
    const at = base + 4 * i;
    store<i32>(at + D, 0);
    store<i32>(at + E, i === 0 ? 1 : 0);
    store<i32>(at + M, modulusWord(i));
    store<i32>(at + F, modulusWord(i));
  }
  let eta = -1;
  while (!isZero(base + G)) {
    eta = divisionSteps(eta, load<i32>(base + F), load<i32>(base + G));
    updateBezout(base);
    updateRemainders(base);
  }
  toLimbs(base, from, stride, load<i32>(base + F + 32) < 0);
}

/** 30 steps on the low words; leaves the transition matrix in u, v, q, r. */
function divisionSteps(start: i32, f0: i32, g0: i32): i32 {
  let eta = start;
  let f = f0;
  let g = g0;
  let u0 = 1;
  let v0 = 0;
  let q0 = 0;
  let r0 = 1;
  let left = 30;
  while (true) {
    const zeros = ctz(g | (-1 << left));
    g >>= zeros;
    u0 <<= zeros;
    v0 <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (left === 0) break;
    if (eta < 0) {
      eta = -eta;
      const f1 = f;
      f = g;
      g = -f1;
      const u1 = u0;
      u0 = q0;
      q0 = -u1;
      const v1 = v0;
      v0 = r0;
      r0 = -v1;
    }
    // Clears up to 6 low bits of g at once: f·(f² − 2) is −1/f mod 2^6 for odd f.
    const limit = min(min(eta + 1, left), 6);
    const w = (f * g * (f * f - 2)) & ((1 << limit) - 1);
    g += f * w;
    q0 += u0 * w;
    r0 += v0 * w;
  }
  u = u0;
  v = v0;
  q = q0;
  r = r0;
  return eta;
}

/** (d, e) becomes the matrix times (d, e) over 2^30, mod p. */
function updateBezout(base: usize): void {
  const signD = load<i32>(base + D + 32) >> 31;
  const signE = load<i32>(base + E + 32) >> 31;
  let md = (u & signD) + (v & signE);
  let me = (q & signD) + (r & signE);
  let di = <i64>load<i32>(base + D);
  let ei = <i64>load<i32>(base + E);
  let cd = <i64>u * di + <i64>v * ei;
  let ce = <i64>q * di + <i64>r * ei;
  md -= (MODULUS_INVERSE * <i32>cd + md) & MASK;
  me -= (MODULUS_INVERSE * <i32>ce + me) & MASK;
  const m0 = <i64>load<i32>(base + M);
  cd = (cd + m0 * md) >> 30;
  ce = (ce + m0 * me) >> 30;
  for (let i = 1; i < WORDS; i++) {
    const at = base + 4 * i;
    di = <i64>load<i32>(at + D);
    ei = <i64>load<i32>(at + E);
    const mi = <i64>load<i32>(at + M);
    cd += <i64>u * di + <i64>v * ei + mi * md;
    ce += <i64>q * di + <i64>r * ei + mi * me;
    store<i32>(at + D - 4, <i32>cd & MASK);
    store<i32>(at + E - 4, <i32>ce & MASK);
    cd >>= 30;
    ce >>= 30;
  }
  store<i32>(base + D + 32, <i32>cd);
  store<i32>(base + E + 32, <i32>ce);
}

/** (f, g) becomes the matrix times (f, g) over 2^30, exactly. */
function updateRemainders(base: usize): void {
  let fi = <i64>load<i32>(base + F);
  let gi = <i64>load<i32>(base + G);
  let cf = (<i64>u * fi + <i64>v * gi) >> 30;
  let cg = (<i64>q * fi + <i64>r * gi) >> 30;
  for (let i = 1; i < WORDS; i++) {
    const at = base + 4 * i;
    fi = <i64>load<i32>(at + F);
    gi = <i64>load<i32>(at + G);
    cf += <i64>u * fi + <i64>v * gi;
    cg += <i64>q * fi + <i64>r * gi;
    store<i32>(at + F - 4, <i32>cf & MASK);
    store<i32>(at + G - 4, <i32>cg & MASK);
    cf >>= 30;
    cg >>= 30;
  }
  store<i32>(base + F + 32, <i32>cf);
  store<i32>(base + G + 32, <i32>cg);
}

function isZero(words: usize): bool {
  let bits = 0;
  for (let i = 0; i < WORDS; i++) bits |= load<i32>(words + 4 * i);
  return bits === 0;
}

/** g becomes the element as it is, in (−2p, 2p): limbs carried, then cut into words; the last word carries the sign. */
function toWords(base: usize, from: usize, stride: usize): void {
  let carry: i64 = 0;
  for (let i: usize = 0; i < 5; i++) {
    const limb = <i64>load<f64>(from + stride * i) + carry;
    carry = i < 4 ? limb >> 51 : 0;
    store<i64>(base + LIMBS + 8 * i, i < 4 ? limb & 0x7ffffffffffff : limb);
  }
  for (let i = 0; i < WORDS; i++) {
    const bit = 30 * i;
    const limb = bit / 51;
    const offset = bit % 51;
    const at = base + LIMBS + 8 * limb;
    let word = load<i64>(at) >> offset;
    if (limb < 4 && offset > 21) word |= load<i64>(at + 8) << (51 - offset);
    store<i32>(base + G + 4 * i, i < WORDS - 1 ? <i32>word & MASK : <i32>word);
  }
}

/** d, in (−2p, p), with the sign of f, as limbs. */
function toLimbs(base: usize, to: usize, stride: usize, negative: bool): void {
  let carry: i64 = 0;
  for (let i = 0; i < WORDS; i++) {
    const word = <i64>load<i32>(base + D + 4 * i);
    carry += negative ? -word : word;
    store<i32>(base + D + 4 * i, i < WORDS - 1 ? <i32>carry & MASK : <i32>carry);
    carry >>= 30;
  }
  let limbCarry: i64 = 0;
  for (let i = 0; i < 5; i++) {
    const bit = 51 * i;
    const word = bit / 30;
    const offset = bit % 30;
    const at = base + D + 4 * word;
    let limb = <i64>load<i32>(at) >> offset;
    limb += (<i64>load<i32>(at + 4)) << (30 - offset);
    if (word + 2 < WORDS && offset > 9) limb += (<i64>load<i32>(at + 8)) << (60 - offset);
    if (i < 4) limb &= 0x7ffffffffffff;
    limb += limbCarry;
    limbCarry = 0;
    if (i < 4 && limb >= 0x4000000000000) {
      limb -= 0x8000000000000;
      limbCarry = 1;
    }
    store<f64>(to + stride * i, <f64>limb);
  }
}
