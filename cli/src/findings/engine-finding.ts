/** What the doctor says of the engine that proofs are made by. */
import { ZkinferError } from '@zkinfer/core';
import {
  bestKernelVariant,
  chooseEngine,
  ENGINE_NAMES,
  ENGINE_VARIABLE,
  type KernelVariant,
} from '@zkinfer/prover';
import type { Finding } from './finding.ts';

/** The engine that `prove` takes when it is told none, tested, and how its kernels multiply. */
export async function engineFinding(): Promise<Finding> {
  const isNamed = Boolean(process.env[ENGINE_VARIABLE]);
  try {
    const engine = await chooseEngine();
    try {
      await engine.selfTest();
    } finally {
      await engine.close();
    }
    return describeEngine(engine.name, await bestKernelVariant(), isNamed);
  } catch (error) {
    if (!(error instanceof ZkinferError)) throw error;
    const advice = isNamed
      ? `Unset ${ENGINE_VARIABLE}, or let it be one of ${ENGINE_NAMES.join(', ')}.`
      : error.hint;
    const found = error.got === undefined ? error.what : `${error.what}: ${error.got}`;
    return {
      subject: 'prover',
      state: 'missing',
      found,
      ...(advice === undefined ? {} : { advice }),
    };
  }
}

/**
 * The finding for an engine that works.
 * @param isNamed whether the environment names it, so that it need not be the fastest
 */
export function describeEngine(name: string, variant: KernelVariant, isNamed: boolean): Finding {
  const subject = 'prover';
  const why = isNamed
    ? `which ${ENGINE_VARIABLE} names, works`
    : 'the fastest that passes its self-test';
  const found = `engine ${name}${isNamed ? ', ' : ': '}${why}`;
  if (name !== 'wasm') {
    const advice = isNamed
      ? 'The engine wasm is several times as fast.'
      : 'The engine wasm, several times as fast, fails here: `prove --engine wasm` tells why.';
    return { subject, state: 'note', found, advice };
  }
  if (variant === 'fused') {
    return { subject, state: 'ok', found: `${found}, with fused multiply-adds` };
  }
  const advice = 'This processor has no fused multiply-add: proofs take about twice as long.';
  return { subject, state: 'note', found: `${found}, with integer kernels`, advice };
}
