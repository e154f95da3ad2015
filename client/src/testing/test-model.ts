/** A described model that fits the registration of `TestMarket`, and answers for it. */
import {
  COMMITMENT_KIND,
  commitTensors,
  type Envelope,
  outputSalt,
  pack,
  type VerificationKeyJson,
} from '@zkinfer/core';
import { inputLayouts, type ModelDescription, outputLayouts } from '@zkinfer/core/service';

/** What the test model answers to every input: the middle class. */
export const TEST_LOGITS: readonly number[] = [-1500, 2500, 2499];

/** Four 8-bit inputs, three 20-bit outputs. */
export function testDescription(verificationKey: VerificationKeyJson): ModelDescription {
  return {
    modelDigest: '11'.repeat(32),
    circuitDigest: '22'.repeat(32),
    name: 'test-model',
    inputs: [{ name: 'lengths', shape: [4], scale: 0.05, lo: 0, bits: 8 }],
    outputs: [
      {
        name: 'species',
        shape: [3],
        scale: 0.001,
        lo: '-524288',
        bits: 20,
        meaning: 'logits',
        softmax: true,
        labels: ['setosa', 'versicolor', 'virginica'],
      },
    ],
    rows: 100,
    wires: 100,
    keyBytes: 1000,
    hasCeremony: false,
    verificationKey: { ...verificationKey },
    chains: [],
  };
}

/** What a worker gives for an input. */
export interface TestAnswer {
  readonly inputHash: bigint;
  readonly outputHash: bigint;
  readonly outputWords: readonly bigint[];
  readonly outputSalt: bigint;
}

/** The answer of the test model. */
export function answerOf(
  model: ModelDescription,
  { words, inputSalt }: Pick<Envelope, 'words' | 'inputSalt'>,
  logits: readonly number[] = TEST_LOGITS,
): TestAnswer {
  const salt = outputSalt(inputSalt);
  const outputWords = pack([logits], outputLayouts(model));
  const { input, output } = COMMITMENT_KIND;
  return {
    inputHash: commitTensors(input, inputLayouts(model), words, inputSalt),
    outputHash: commitTensors(output, outputLayouts(model), outputWords, salt),
    outputWords,
    outputSalt: salt,
  };
}
