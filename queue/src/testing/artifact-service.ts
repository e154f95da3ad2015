/** The routes that workers on other machines use, over a directory of blobs and one of models. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ZkinferError } from '@zkinfer/core';
import type { BlobStore } from '../artifacts/blob-store.ts';

/** A service for tests; what it does wrong is up to the test. */
export interface ArtifactService {
  readonly baseUrl: string;
  /** `METHOD path`, in order. */
  readonly requests: readonly string[];
  /** Answers in place of the service where it returns true. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

/** What it serves. */
export interface ArtifactServiceOptions {
  readonly apiKey: string;
  readonly blobs: BlobStore;
  /** Compiled directories by model digest. */
  readonly models?: ReadonlyMap<string, string>;
}

/** Starts one on loopback. */
export async function startArtifactService(
  options: ArtifactServiceOptions,
): Promise<ArtifactService> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (service.intercept?.(request, response)) return;
    answer(options, request, response).catch((error: unknown) => refuse(response, error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const service: ArtifactService = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    intercept: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return service;
}

async function answer(
  { apiKey, blobs, models = new Map() }: ArtifactServiceOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.headers.authorization !== `Bearer ${apiKey}`) {
    response.writeHead(401).end();
    return;
  }
  const [, version, kind, digest, files, name] = request.url!.split('/');
  if (version === 'v1' && kind === 'blobs' && request.method === 'PUT') {
    await blobs.put(Buffer.concat(await request.toArray()));
    response.writeHead(204).end();
  } else if (version === 'v1' && kind === 'blobs') {
    response.end(await blobs.get(digest!));
  } else if (version === 'v1' && kind === 'models' && digest === undefined) {
    const list = [...models.keys()].map((modelDigest) => ({ modelDigest, name: 'small' }));
    response.end(JSON.stringify(list));
  } else if (version === 'v1' && kind === 'models' && files === 'files' && models.has(digest!)) {
    response.end(await readFile(`${models.get(digest!)}/${name}`));
  } else {
    response.writeHead(404).end();
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const code = error instanceof ZkinferError ? error.code : 'QUEUE_UNEXPECTED_ERROR';
  const status = code === 'QUEUE_BLOB_UNKNOWN' ? 404 : 500;
  response.writeHead(status).end(JSON.stringify({ error: { code, what: 'refused' } }));
}
