/** Blobs and model files, for workers on other machines. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, sha256Hex } from '@zkinfer/core';
import { SERVICE_PATHS } from '@zkinfer/core/service';
import Type from 'typebox';
import { MODEL_FILES } from '../../artifacts/model-files.ts';
import type { HttpContext } from '../http-context.ts';
import { httpError } from '../http-errors.ts';
import { BlobParameters, ModelParameters } from '../route-parameters.ts';
import { refusals } from '../schema-components.ts';
import type { ServiceApp } from '../service-app.ts';

const BYTES = 'application/octet-stream';

/** What is named by its digest never changes. */
const FOR_EVER = 'private, max-age=31536000, immutable';

const bytesAnswer = {
  description: 'the bytes',
  content: { [BYTES]: { schema: Type.Unsafe<unknown>({ contentMediaType: BYTES }) } },
};

/** Adds the routes. */
export function addArtifactRoutes(root: ServiceApp, context: HttpContext): void {
  root.register(async (scope) => {
    const app = scope as unknown as ServiceApp;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(BYTES, { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    addBlobs(app, context);
    addModelFiles(app, context);
  });
}

function addBlobs(app: ServiceApp, { blobs, limits }: HttpContext): void {
  app.put(
    SERVICE_PATHS.blob,
    {
      bodyLimit: limits.bodyBytes,
      config: { access: ['worker'] },
      schema: {
        operationId: 'putBlob',
        summary: 'Keep bytes under their SHA-256',
        tags: ['artifacts'],
        params: BlobParameters,
        consumes: [BYTES],
        body: Type.Unsafe<Buffer | null>({ contentMediaType: BYTES }),
        response: { 204: Type.Null({ description: 'kept' }), ...refusals(413, 415, 422) },
      },
    },
    async ({ params, body }, reply) => {
      // Null where nothing was sent: no bytes at all.
      const bytes = body ?? new Uint8Array();
      const got = sha256Hex(bytes);
      if (got !== params.sha256) {
        const details = { got, expected: params.sha256 };
        throw httpError('QUEUE_BLOB_DIFFERS', 'these bytes have another SHA-256', details);
      }
      await blobs.put(bytes);
      return reply.code(204).send(null);
    },
  );
  app.get(
    SERVICE_PATHS.blob,
    {
      config: { access: ['worker'] },
      schema: {
        operationId: 'getBlob',
        summary: 'Bytes by their SHA-256',
        tags: ['artifacts'],
        params: BlobParameters,
        response: { 200: bytesAnswer, ...refusals(404) },
      },
    },
    async ({ params }, reply) => {
      const bytes = await blobs.get(params.sha256);
      return reply.headers({ 'content-type': BYTES, 'cache-control': FOR_EVER }).send(bytes);
    },
  );
}

function addModelFiles(app: ServiceApp, { modelFiles }: HttpContext): void {
  app.get(
    SERVICE_PATHS.modelFile,
    {
      config: { access: ['worker'] },
      schema: {
        operationId: 'getModelFile',
        summary: 'A file of a compiled directory',
        tags: ['artifacts'],
        params: Type.Intersect([
          ModelParameters,
          Type.Object({ name: Type.Enum([MANIFEST_FILE, ...MODEL_FILES]) }),
        ]),
        response: { 200: bytesAnswer, ...refusals(404) },
      },
    },
    async ({ params: { modelDigest, name } }, reply) => {
      const { directory } = await modelFiles.open(modelDigest);
      // The manifest is not listed in itself.
      const path = name === MANIFEST_FILE ? join(directory.path, name) : directory.pathOf(name);
      const { size } = await stat(path);
      reply.headers({ 'content-type': BYTES, 'content-length': size });
      return reply.send(createReadStream(path));
    },
  );
}
