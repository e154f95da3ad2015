/** Points of a proving key, 64 or 128 bytes each, become points as kernels read them. Compiled once for each group. */
import { limbsFromBytes } from '../elements';
import { FROM_256, multiplySubtract, PLAIN_ONE, ZERO } from '../fp/field';
import { temporary } from '../thread';
import { POINT } from './points';

/** Bytes of a point in the file. */
const RAW: usize = (POINT / 40) * 32;

/** In the index of points: there is none, the point is infinity. */
const NONE: u32 = 0xffffffff;

/** Converts points from..to that the index names. */
export function decodePoints(raw: usize, index: usize, points: usize, from: u32, to: u32): void {
  const cell = temporary(0);
  for (let i = from; i < to; i++) {
    const at = load<u32>(index + 4 * i);
    if (at === NONE) continue;
    const point = points + POINT * at;
    for (let pair: usize = 0; pair < POINT / 80; pair++) {
      limbsFromBytes(cell, 16, raw + RAW * i + 64 * pair);
      limbsFromBytes(cell + 8, 16, raw + RAW * i + 64 * pair + 32);
      multiplySubtract(cell, cell, FROM_256, ZERO);
      for (let limb: usize = 0; limb < 5; limb++) {
        store<f64>(point + 80 * pair + 8 * limb, load<f64>(cell + 16 * limb));
        store<f64>(point + 80 * pair + 40 + 8 * limb, load<f64>(cell + 16 * limb + 8));
      }
    }
  }
}

/** The coordinates of a point that is not infinity in normal form, limb by limb as 64-bit integers in [−p/2, p/2]. */
export function plainCoordinates(point: usize, out: usize): void {
  const cell = temporary(0);
  for (let e: usize = 0; e < POINT / 40; e++) {
    for (let limb: usize = 0; limb < 5; limb++) {
      store<f64>(cell + 16 * limb, load<f64>(point + 40 * e + 8 * limb));
    }
    multiplySubtract(cell, cell, PLAIN_ONE, ZERO);
    for (let limb: usize = 0; limb < 5; limb++) {
      store<i64>(out + 40 * e + 8 * limb, <i64>load<f64>(cell + 16 * limb));
    }
  }
}
