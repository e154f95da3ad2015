/** Apart from what else is known of kernels, so that threads load nothing but this. */
import { setFlagsFromString } from 'node:v8';

/** Node 20 knows the instructions under a flag, which may be set at any time; later versions have it on. */
export function allowRelaxedVectors(): void {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}
