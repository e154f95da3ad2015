import { seededRandom } from '@zkinfer/core';
import type { Network } from '../graph/network.ts';
import { randomInputs } from '../interpret/sample-inputs.ts';
import { INTERPRETER, interpreterInference, type NetworkInference } from './network-inference.ts';
import { openTensorInference, type TensorInferenceOptions } from './open-tensor-inference.ts';

/** Runs of each that are thrown away, so that code is compiled and algorithms are chosen. */
const WARM_UPS = 2;

/** Runs of each that are timed, one after the other by turns. */
const ROUNDS = 9;

/** No further round is begun after this time. */
const BUDGET_MS = 2000;

/**
 * Tensors must take at most this share of the interpreter's time: less of a gain may be noise, and
 * the interpreter holds no memory.
 */
const LEAST_GAIN = 0.9;

/** What may run the network. */
export interface ChooseInferenceOptions extends TensorInferenceOptions {
  /**
   * `auto`, unless told: tensors where they are exact and faster here. `tensors`: where they are
   * exact. `interpreter`: never; TensorFlow.js is not loaded.
   */
  readonly prefer?: 'auto' | 'tensors' | 'interpreter';
}

/** What runs a network, and why. */
export interface ChosenInference {
  readonly inference: NetworkInference;
  /** For people: what refused, or what was measured. */
  readonly reason: string;
}

/**
 * Chooses what runs a network: the interpreter, or TensorFlow.js where a self-check shows it
 * bit-exact and a few timed inferences show it faster.
 * @throws InputError CIRCUITS_UNKNOWN_BACKEND
 */
export async function chooseInference(
  network: Network,
  { prefer = 'auto', ...options }: ChooseInferenceOptions = {},
): Promise<ChosenInference> {
  const interpreter = interpreterInference(network);
  if (prefer === INTERPRETER) return { inference: interpreter, reason: 'asked for' };
  const { inference: tensors, refused } = await openTensorInference(network, options);
  if (tensors === undefined) return { inference: interpreter, reason: refused };
  if (prefer === 'tensors') return { inference: tensors, reason: 'exact in its self-check' };
  const [tensorMs, interpreterMs] = await raceInferences(network, [tensors, interpreter]);
  const times = [tensorMs!, interpreterMs!].map((ms) => ms.toFixed(2));
  const reason = `exact; ${times[0]} ms an inference, the interpreter ${times[1]} ms`;
  if (tensorMs! <= interpreterMs! * LEAST_GAIN) return { inference: tensors, reason };
  const backend = tensors.backend;
  await tensors.close();
  return { inference: interpreter, reason: `${backend} is ${reason}` };
}

/** Median milliseconds of each on one random input. */
async function raceInferences(
  network: Network,
  contestants: readonly NetworkInference[],
): Promise<number[]> {
  const inputs = randomInputs(seededRandom(1), network);
  const times: number[][] = contestants.map(() => []);
  const end = performance.now() + BUDGET_MS;
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    if (round > 0 && performance.now() > end) break;
    for (const [i, contestant] of contestants.entries()) {
      const start = performance.now();
      await contestant.run(inputs);
      if (round >= 0) times[i]!.push(performance.now() - start);
    }
  }
  return times.map(median);
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
