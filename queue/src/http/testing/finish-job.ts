/** Takes a job of the small model to its end, as workers would: real outputs, no real proof. */
import { interpret, outputLayoutsOf, outputsOf } from '@zkinfer/circuits';
import {
  COMMITMENT_KIND,
  commitTensors,
  decodeEnvelope,
  outputSalt,
  pack,
  unpack,
} from '@zkinfer/core';
import { inputLayouts } from '@zkinfer/core/service';
import { readInferenceRequest } from '../../jobs/inference-request.ts';
import type { JsonObject } from '../../json-value.ts';
import { smallNetwork } from '../../testing/small-model.ts';
import { inputHashOf } from '../submitted-input.ts';
import type { HttpFixture } from './http-fixture.ts';

type World = Pick<HttpFixture, 'pipeline' | 'blobs' | 'model'>;

/** Reports that the current stage of a job is done. */
export async function completeStage(
  { pipeline }: Pick<World, 'pipeline'>,
  jobId: string,
  result: JsonObject,
): Promise<void> {
  const { fence } = (await pipeline.get(jobId))!;
  await pipeline.apply({ jobId, fence, kind: 'completed', result, finishes: false });
}

/** Fetch, infer, prove. @returns the integers of the output */
export async function finishJob(world: World, jobId: string): Promise<number[]> {
  const { blobs, model, pipeline } = world;
  const put = (value: unknown) => blobs.put(new TextEncoder().encode(JSON.stringify(value)));
  const { request } = (await pipeline.get(jobId))!;
  const { input, modelDigest, binder } = readInferenceRequest(request);
  if (input.kind !== 'blob') throw new Error('expected a blob');
  const envelope = decodeEnvelope(new TextDecoder().decode(await blobs.get(input.sha256)));
  const inputHash = inputHashOf(envelope, model);
  await completeStage(world, jobId, { envelope: input.sha256, inputHash: `${inputHash}` });

  const network = smallNetwork();
  const tensors = unpack(envelope.words, inputLayouts(model)).map((values) =>
    Float64Array.from(values, Number),
  );
  const outputs = outputsOf(network, interpret(network, tensors));
  const layouts = outputLayoutsOf(network);
  const words = pack(outputs, layouts);
  const salt = outputSalt(envelope.inputSalt);
  const outputHash = commitTensors(COMMITMENT_KIND.output, layouts, words, salt);
  const output = { version: 1, modelDigest, outputWords: words.map(String), outputSalt: `${salt}` };
  await completeStage(world, jobId, {
    output: await put(output),
    outputHash: `${outputHash}`,
    backend: 'interpreter',
    inferenceMs: 1,
    worker: 'w-1',
  });

  const publicSignals = [`${outputHash}`, `${inputHash}`, binder];
  await completeStage(world, jobId, {
    proof: await put({ version: 1, proof: { protocol: 'groth16' }, publicSignals }),
    engine: 'wasm',
    witnessMs: 2,
    proofMs: 3,
    worker: 'w-1',
  });
  return Array.from(outputs[0]!, Number);
}
