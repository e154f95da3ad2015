/** Brings up the TF.js backend that the examples train and evaluate on. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { EnvironmentError } from '@zkinfer/core';
import { registerConv2dFilterGradient } from './conv2d-filter-gradient.ts';

/**
 * Selects TF.js's WASM backend, the fastest that needs no native code, ready to train convolutions.
 * @throws EnvironmentError `EXAMPLES_BACKEND` if it does not start on this machine.
 */
export async function startBackend(): Promise<void> {
  if (!(await tf.setBackend('wasm'))) {
    throw new EnvironmentError({
      code: 'EXAMPLES_BACKEND',
      what: "TF.js's WASM backend does not start",
      hint: 'It needs a Node.js with WebAssembly SIMD, version 20 or newer.',
    });
  }
  await tf.ready();
  registerConv2dFilterGradient();
}
