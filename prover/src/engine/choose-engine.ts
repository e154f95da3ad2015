import { InputError } from '@zkinfer/core';
import type { ProvingEngine } from './engine.ts';
import { createSnarkjsEngine, SNARKJS_ENGINE } from './snarkjs-engine.ts';
import { createWasmEngine, WASM_ENGINE } from './wasm/wasm-engine.ts';

/** Chooses the fastest engine that passes its self-test. */
export const AUTO_ENGINE = 'auto';

/** Names an engine when none is given explicitly. */
export const ENGINE_VARIABLE = 'ZKINFER_ENGINE';

/** All engines, fastest first. */
const ENGINES: Readonly<Record<string, () => Promise<ProvingEngine>>> = {
  [WASM_ENGINE]: () => createWasmEngine(),
  [SNARKJS_ENGINE]: createSnarkjsEngine,
};

/** The names that `chooseEngine` takes. */
export const ENGINE_NAMES: readonly string[] = [AUTO_ENGINE, ...Object.keys(ENGINES)];

/**
 * Creates an engine; close it when done.
 * @param name one of `ENGINE_NAMES`; default: the environment variable ZKINFER_ENGINE, else `auto`
 * @throws InputError PROVER_ENGINE_UNKNOWN; EnvironmentError PROVER_ENGINE_UNUSABLE when `auto`
 *   finds none that works
 */
export async function chooseEngine(
  name: string = process.env[ENGINE_VARIABLE] || AUTO_ENGINE,
): Promise<ProvingEngine> {
  if (name === AUTO_ENGINE) return firstUsableEngine();
  const create = Object.hasOwn(ENGINES, name) ? ENGINES[name] : undefined;
  if (create === undefined) {
    throw new InputError({
      code: 'PROVER_ENGINE_UNKNOWN',
      what: 'there is no engine of this name',
      got: name,
      expected: ENGINE_NAMES.join(', '),
    });
  }
  return create();
}

/** Whatever an engine's start or self-test throws, a trap of WebAssembly too, speaks for the next one. */
async function firstUsableEngine(): Promise<ProvingEngine> {
  let failure: unknown;
  for (const create of Object.values(ENGINES)) {
    let engine: ProvingEngine | undefined;
    try {
      engine = await create();
      await engine.selfTest();
      return engine;
    } catch (error) {
      await engine?.close();
      failure = error;
    }
  }
  throw failure;
}
