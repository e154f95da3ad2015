import type { Network } from '../graph/network.ts';
import { interpret, type Trace } from '../interpret/interpret.ts';
import { type LayerPlan, planLayers } from './plan-layers.ts';

/** The name of the interpreter among backends. */
export const INTERPRETER = 'interpreter';

/** One run of a network. */
export interface InferenceRun {
  /** Every tensor, as `interpret` gives them; `outputsOf` picks the outputs. */
  readonly tensors: Trace;
  /** What computed them. */
  readonly backend: string;
}

/** A network ready to run on integers, by whatever is exact and fast here. */
export interface NetworkInference {
  /** `interpreter`, `tfjs-node-gpu`, `tfjs-node`, `tfjs-wasm` or `tfjs-cpu`: what runs it now. */
  readonly backend: string;
  /** What runs each operator while `backend` is not the interpreter. */
  readonly plan: readonly LayerPlan[];
  /**
   * The same tensors as `interpret`, bit for bit. Runs follow each other, however many are asked
   * for at once.
   * @throws InputError as `interpret`; EnvironmentError CIRCUITS_INFERENCE_CLOSED
   */
  run(inputs: readonly Float64Array[]): Promise<InferenceRun>;
  /** Waits for runs that were asked for, then gives back memory. More calls do nothing. */
  close(): Promise<void>;
}

/** The interpreter as such. It holds nothing, so that closing does nothing. */
export function interpreterInference(network: Network): NetworkInference {
  return {
    backend: INTERPRETER,
    plan: planLayers(network, Number.POSITIVE_INFINITY).report,
    run: async (inputs) => ({ tensors: interpret(network, inputs), backend: INTERPRETER }),
    close: async () => {},
  };
}
