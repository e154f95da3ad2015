import { type JsonObject, memberOf } from './json-object.ts';
import { invalidConfig, type LayerIdentity } from './layer-errors.ts';

/**
 * The settings of a layer as its file gives them, read with checks. A setting that is absent or
 * null takes the fallback, and is an error without one. All methods throw InputError
 * CIRCUITS_MODEL_CONFIG.
 */
export class LayerConfig {
  readonly #layer: LayerIdentity;
  readonly #json: JsonObject;

  constructor(layer: LayerIdentity, json: JsonObject) {
    this.#layer = layer;
    this.#json = json;
  }

  /** The setting as it stands; undefined if absent. */
  raw(key: string): unknown {
    return memberOf(this.#json, key);
  }

  number(key: string, fallback: number): number {
    const value = this.raw(key) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw invalidConfig(this.#layer, key, value, 'a number');
  }

  /** A positive integer; also as a list of one, as one-dimensional layers store it. */
  count(key: string, fallback?: number): number {
    const value = this.raw(key) ?? fallback;
    const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (isCount(single)) return single;
    throw invalidConfig(this.#layer, key, value, 'a positive integer');
  }

  /** [rows, columns], positive; one number stands for both. */
  pair(key: string, fallback?: readonly [number, number]): readonly [number, number] {
    const value = this.raw(key) ?? fallback;
    if (isCount(value)) return [value, value];
    if (Array.isArray(value) && value.length === 2 && isCount(value[0]) && isCount(value[1])) {
      return [value[0], value[1]];
    }
    throw invalidConfig(this.#layer, key, value, 'a positive integer or two');
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.raw(key) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw invalidConfig(this.#layer, key, value, 'true or false');
  }

  /**
   * A word without regard to its case and underscores: `hard_sigmoid` and `hardSigmoid` are
   * `hardsigmoid`.
   */
  word(key: string, fallback: string): string {
    const value = this.raw(key) ?? fallback;
    if (typeof value === 'string') return value.toLowerCase().replaceAll('_', '');
    throw invalidConfig(this.#layer, key, value, 'a name');
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
