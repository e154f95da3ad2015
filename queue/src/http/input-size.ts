/** How large the body of a submission may be: what the models that are served can need, no more. */
import { elementCount, wordCount } from '@zkinfer/core';
import { inputLayouts, type ModelDescription, REALS_CONTENT_TYPE } from '@zkinfer/core/service';
import type { FastifyRequest } from 'fastify';
import { httpError } from './http-errors.ts';
import type { ModelCatalogue } from './service-ports.ts';

/** A word in JSON: 77 digits at most, quotes, a comma, some space. */
const WORD_BYTES = 84;

/** A real in JSON: at most 24 characters of a double, comma, brackets, some space. */
const REAL_BYTES = 40;

/** Everything in a submission besides the input. */
const ENVELOPE_BYTES = 8 * 1024;

const FLOAT32_BYTES = 4;

/** The bytes of all inputs of a model as float32. */
export function realsBytes({ inputs }: Pick<ModelDescription, 'inputs'>): number {
  return inputs.reduce((sum, { shape }) => sum + FLOAT32_BYTES * elementCount(shape), 0);
}

/**
 * Refuses a body before it is read. To be called when the request is known to be somebody's.
 * @param bodyBytes the largest body of all
 * @throws InputError QUEUE_HTTP_LENGTH, QUEUE_HTTP_TOO_LARGE; QUEUE_HTTP_INPUT_BYTES for float32 of
 *   another length than the model's
 */
export async function requireInputSize(
  request: FastifyRequest,
  models: ModelCatalogue,
  bodyBytes: number,
): Promise<void> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length)) {
    throw httpError('QUEUE_HTTP_LENGTH', 'the length of the input is not told', {
      expected: 'the header Content-Length',
    });
  }
  const isReals = request.headers['content-type']?.startsWith(REALS_CONTENT_TYPE) === true;
  const model = isReals ? await modelOfQuery(request, models) : undefined;
  if (model !== undefined) requireRealsBytes(length, model);
  const largest = Math.min(bodyBytes, await largestBody(models));
  if (length <= largest) return;
  throw httpError('QUEUE_HTTP_TOO_LARGE', 'the input is larger than any model takes', {
    got: `${length} bytes`,
    expected: `at most ${largest}`,
  });
}

/** Unknown and malformed digests are refused later, as everywhere. */
async function modelOfQuery({ query }: FastifyRequest, models: ModelCatalogue) {
  const { modelDigest } = query as { modelDigest?: unknown };
  return typeof modelDigest === 'string' ? models.get(modelDigest) : undefined;
}

function requireRealsBytes(length: number, model: ModelDescription): void {
  const expected = realsBytes(model);
  if (length === expected) return;
  throw httpError('QUEUE_HTTP_INPUT_BYTES', 'this is not as long as the inputs of the model', {
    got: `${length} bytes`,
    expected: `${expected}: four for each element`,
  });
}

async function largestBody(models: ModelCatalogue): Promise<number> {
  const sizes = (await models.list()).map((model) =>
    Math.max(
      WORD_BYTES * wordCount(inputLayouts(model)),
      (REAL_BYTES / FLOAT32_BYTES) * realsBytes(model),
    ),
  );
  return ENVELOPE_BYTES + Math.max(0, ...sizes);
}
