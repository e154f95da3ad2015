import { EnvironmentError, type Logger, SILENT_LOGGER, seededRandom } from '@zkinfer/core';
import {
  type BackendName,
  type ImportPackage,
  type LoadedTensorflow,
  loadTensorflow,
} from '../float/backend.ts';
import type { Network } from '../graph/network.ts';
import { reasonToDistrust } from './distrust.ts';
import type { NetworkInference } from './network-inference.ts';
import { type InferencePlan, planLayers } from './plan-layers.ts';
import { selfCheck } from './self-check.ts';
import { TensorInference, tensorBackendName } from './tensor-inference.ts';
import { TensorLayer } from './tensor-layer.ts';

/** Inferences between two comparisons with the interpreter. */
const DEFAULT_CHECK_EVERY = 64;

const DEFAULT_SEED = 1;

/** How a network is run on tensors. */
export interface TensorInferenceOptions {
  /** 'auto', the fastest that works here, unless told. */
  readonly backend?: BackendName | 'auto';
  /** Layers with fewer products stay with the interpreter. */
  readonly minProducts?: number;
  /** Every so many inferences are compared with the interpreter, 64 unless told; 0 for none. */
  readonly checkEvery?: number;
  /** Of the random part of the self-check, in [0, 2^32). */
  readonly seed?: number;
  /** Told of refusals (info), and of exactness lost later on (error). */
  readonly logger?: Logger;
  /** Where TensorFlow.js comes from. */
  readonly importPackage?: ImportPackage;
}

/** A network on tensors, or why it does not run there. */
export type OpenedTensorInference =
  | { readonly inference: NetworkInference; readonly refused?: undefined }
  | { readonly inference?: undefined; readonly refused: string };

/**
 * Gets a network ready to run its heavy layers on TensorFlow.js, if all of it then equals the
 * interpreter bit for bit (`selfCheck`). TensorFlow.js is loaded only for a network that has such
 * layers.
 * @throws InputError CIRCUITS_UNKNOWN_BACKEND
 */
export async function openTensorInference(
  network: Network,
  options: TensorInferenceOptions = {},
): Promise<OpenedTensorInference> {
  const opened = await open(network, options);
  if (opened.refused !== undefined) {
    const fields = { network: network.name, reason: opened.refused };
    options.logger?.info(fields, 'not run on TensorFlow.js');
  }
  return opened;
}

async function open(
  network: Network,
  options: TensorInferenceOptions,
): Promise<OpenedTensorInference> {
  const plan = planLayers(network, options.minProducts);
  if (plan.layers.length === 0) return { refused: 'no layer is worth running on tensors' };
  const loaded = await load(options);
  if (typeof loaded === 'string') return { refused: loaded };
  const name = tensorBackendName(loaded.backend);
  const reason = reasonToDistrust(loaded.tf);
  if (reason !== undefined) return { refused: `${name} was found inexact: ${reason}` };
  return check(network, plan, loaded, options);
}

async function load({
  backend,
  importPackage,
}: TensorInferenceOptions): Promise<LoadedTensorflow | string> {
  try {
    return await loadTensorflow(backend, importPackage);
  } catch (error) {
    if (error instanceof EnvironmentError) return `${error.what}: ${error.got}`;
    throw error;
  }
}

async function check(
  network: Network,
  { layers: planned, report }: InferencePlan,
  loaded: LoadedTensorflow,
  { checkEvery = DEFAULT_CHECK_EVERY, logger = SILENT_LOGGER, seed }: TensorInferenceOptions,
): Promise<OpenedTensorInference> {
  const random = seededRandom(seed ?? DEFAULT_SEED);
  const name = tensorBackendName(loaded.backend);
  const layers: TensorLayer[] = [];
  let refused: string | undefined;
  try {
    for (const layer of planned) layers.push(new TensorLayer(loaded.tf, layer));
    const difference = await selfCheck(network, layers, random);
    if (difference !== undefined) refused = `${name} is not exact: ${difference}. ${REMEDY}`;
  } catch (error) {
    refused = `${name} failed: ${(error as Error).message}`;
  }
  if (refused === undefined) {
    const parts = { network, loaded, layers, plan: report, checkEvery, logger };
    return { inference: new TensorInference(parts) };
  }
  for (const layer of layers) layer.dispose();
  return { refused };
}

/** NVIDIA's libraries read the first variable, TensorFlow the second. */
const REMEDY = 'On NVIDIA GPUs, NVIDIA_TF32_OVERRIDE=0 and TF_ENABLE_WINOGRAD_NONFUSED=0 may help.';
