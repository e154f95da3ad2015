/**
 * The canonical file of a quantised network: `model.json`, and beside it the weights. Equal
 * networks have equal bytes, and `model.json` names the weights' SHA-256, so that its own digest
 * stands for everything: the model digest.
 *
 * Weights are two's complement, little endian: 16 bits each, biases 64 bits, in the order of the
 * nodes, a node's biases first.
 */
import {
  type CanonicalValue,
  canonicalJson,
  InputError,
  IntegrityError,
  sha256Hex,
} from '@zkinfer/core';
import { buildNetwork } from './build-network.ts';
import type { Network, NetworkOperation } from './network.ts';
import { readNetworkDescription } from './network-json.ts';
import { type WeightSegment, WeightWriter } from './weight-segments.ts';

export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.bin';

/** The two files of a network. */
export interface NetworkFiles {
  readonly model: Uint8Array;
  readonly weights: Uint8Array;
}

/** The canonical bytes of a network. */
export function networkToFiles(network: Network): NetworkFiles {
  const writer = new WeightWriter();
  const nodes = network.nodes.map(({ name, operation, inputs }) => ({
    name,
    inputs,
    ...encodeOperation(operation, writer),
    ...encodeTensor(network, name),
  }));
  const weights = writer.bytes();
  const document: CanonicalValue = {
    format: 'zkinfer-network',
    version: 1,
    name: network.name,
    weights: { file: WEIGHTS_FILE, bytes: weights.length, sha256: sha256Hex(weights) },
    inputs: network.inputs.map(({ name, shape, scale, lo, bits, image }) => ({
      name,
      shape,
      scale,
      lo,
      bits,
      ...(image === undefined ? {} : { image: { scale: image.scale, offset: image.offset } }),
    })),
    nodes,
    outputs: network.outputs.map(({ name, tensor, meaning, softmax, labels }) => ({
      name,
      tensor,
      meaning,
      softmax,
      ...(labels === undefined ? {} : { labels }),
    })),
  };
  return { model: new TextEncoder().encode(canonicalJson(document)), weights };
}

/** SHA-256 of the canonical `model.json`, 64 hexadecimal digits; through it, of the weights. */
export function modelDigest({ model }: NetworkFiles): string {
  return sha256Hex(model);
}

/**
 * Reads a network and checks that the files are exactly what would be written for it: no other
 * bytes have a meaning.
 *
 * @throws InputError CORE_JSON_SYNTAX, CORE_JSON_SHAPE, CIRCUITS_NETWORK_INVALID,
 * CIRCUITS_WEIGHTS_TRUNCATED; IntegrityError CIRCUITS_WEIGHTS_DIGEST,
 * CIRCUITS_NETWORK_NOT_CANONICAL.
 */
export function networkFromFiles(files: NetworkFiles): Network {
  const description = readNetworkDescription(decodeText(files.model), files.weights);
  const network = buildNetwork(description);
  const canonical = networkToFiles(network);
  if (!equalBytes(canonical.weights, files.weights) || !equalBytes(canonical.model, files.model)) {
    throw new IntegrityError({
      code: 'CIRCUITS_NETWORK_NOT_CANONICAL',
      what: `${MODEL_FILE} and ${WEIGHTS_FILE} are not the canonical files of their network`,
      hint: 'They were edited or written by something else; compile the model again.',
    });
  }
  return network;
}

/**
 * An operation with its weights moved to the segments: `kind` first, the others by name, weights in
 * the same order. The order in which an object was built must not show.
 */
function encodeOperation(
  operation: NetworkOperation,
  writer: WeightWriter,
): Record<string, CanonicalValue> {
  const { kind, ...rest } = operation;
  const encoded: Record<string, CanonicalValue> = { kind };
  for (const [key, value] of sortedEntries(rest)) {
    encoded[key] = ArrayBuffer.isView(value)
      ? segmentValue(writer.append(value as Int16Array | Float64Array))
      : ordered(value as CanonicalValue);
  }
  return { operation: encoded };
}

function sortedEntries(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function ordered(value: CanonicalValue): CanonicalValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(sortedEntries(value)) as CanonicalValue;
}

function segmentValue({ type, offset, count }: WeightSegment): CanonicalValue {
  return { type, offset, count };
}

function encodeTensor(network: Network, name: string): Record<string, CanonicalValue> {
  const { shape, scale, lo, hi } = network.tensors.get(name)!;
  return { shape, scale, range: [lo, hi] };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError({
      code: 'CORE_JSON_SYNTAX',
      what: `${MODEL_FILE}: not UTF-8 text`,
      cause,
    });
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
