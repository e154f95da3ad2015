/** Points of a proving key, 64 or 128 bytes each, become points as kernels read them. Compiled once for each group. */
import { limbsFromBytes } from '../elements';
import { FROM_256, multiplySubtract, ZERO } from '../fp/field';
import { temporary } from '../thread';
import { POINT } from './points';

/** Bytes of a point in the file. */
const RAW: usize = (POINT / 40) * 32;

/** In the index of points: there is none, the point is infinity. */
const NONE: u32 = 0xffffffff;

/** Converts points from..to that the index names; their coordinates are below p. Stored ones are folded, so at most p/2. */
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
