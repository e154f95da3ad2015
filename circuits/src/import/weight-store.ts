import { InputError } from '@zkinfer/core';
import { decodeWeight } from './decode-weight.ts';
import type { TfjsModel } from './read-tfjs-model.ts';
import { storedByteLength } from './weight-entry.ts';

/** The decoded weights of a model, found by layer, each remembered as used. */
export class WeightStore {
  readonly #weights = new Map<string, DecodedWeight>();
  readonly #used = new Set<string>();

  /**
   * Decodes all that inference may need; an optimizer's state is passed over.
   * @throws InputError CIRCUITS_MODEL_WEIGHT_DTYPE, CIRCUITS_MODEL_WEIGHT_NOT_FINITE
   */
  constructor({ weightEntries, weightBytes }: Pick<TfjsModel, 'weightEntries' | 'weightBytes'>) {
    let offset = 0;
    for (const entry of weightEntries) {
      const end = offset + storedByteLength(entry);
      if (entry.group !== 'optimizer') {
        const values = decodeWeight(entry, weightBytes.subarray(offset, end));
        this.#weights.set(entry.name, { shape: entry.shape, values });
      }
      offset = end;
    }
  }

  /**
   * The values of `weight` of the layer at `path` (names of the models around it, outermost first,
   * then its own). Calls of a shared layer get the same array. A name in the file may have more
   * scopes before the layer's, or lack the models'.
   * @throws InputError CIRCUITS_MODEL_WEIGHT_MISSING, CIRCUITS_MODEL_WEIGHT_AMBIGUOUS,
   * CIRCUITS_MODEL_WEIGHT_SHAPE
   */
  take(path: readonly string[], weight: string, shape: readonly number[]): Float32Array {
    const name = this.#find(path, weight);
    const found = this.#weights.get(name)!;
    if (found.shape.join() !== shape.join()) {
      throw new InputError({
        code: 'CIRCUITS_MODEL_WEIGHT_SHAPE',
        what: `weight ${name} does not fit its layer`,
        got: `[${found.shape}]`,
        expected: `[${shape}]`,
        hint: 'Topology and weights come from different models, or a setting was edited.',
      });
    }
    this.#used.add(name);
    return found.values;
  }

  /**
   * @throws InputError CIRCUITS_MODEL_WEIGHT_UNUSED if the file holds weights that no layer took.
   */
  refuseUnused(): void {
    const unused = [...this.#weights.keys()].filter((name) => !this.#used.has(name));
    if (unused.length === 0) return;
    throw new InputError({
      code: 'CIRCUITS_MODEL_WEIGHT_UNUSED',
      what: 'the file holds weights that no layer of the model takes',
      got: unused.slice(0, 5).join(', '),
      expected: 'weights of this model alone',
      hint: 'Topology and weights come from different models.',
    });
  }

  #find(path: readonly string[], weight: string): string {
    for (let first = 0; first < path.length; first++) {
      const suffix = [...path.slice(first), weight].join('/');
      if (this.#weights.has(suffix)) return suffix;
      const matches = [...this.#weights.keys()].filter((name) => name.endsWith(`/${suffix}`));
      if (matches.length > 1) throw lookupError('AMBIGUOUS', suffix, matches);
      if (matches.length === 1) return matches[0]!;
    }
    throw lookupError('MISSING', [...path, weight].join('/'), [...this.#weights.keys()]);
  }
}

interface DecodedWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

function lookupError(kind: string, wanted: string, names: readonly string[]): InputError {
  return new InputError({
    code: `CIRCUITS_MODEL_WEIGHT_${kind}`,
    what: `weight ${wanted} is ${kind.toLowerCase()}`,
    got: names.slice(0, 8).join(', ') || 'no weights',
    expected: `one weight named ${wanted}`,
  });
}
