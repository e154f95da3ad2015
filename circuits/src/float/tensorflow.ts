/**
 * The API of TensorFlow.js, whichever package provides it: tfjs-node and tfjs-node-gpu extend that
 * of tfjs.
 */
export type Tensorflow = typeof import('@tensorflow/tfjs');
