/** Bodies of HTTP answers, never more of them than is wanted. */
import type { Readable } from 'node:stream';

/**
 * The whole body, or undefined as soon as it is longer than `largestBytes`; it is destroyed then,
 * and nothing more is received.
 */
export async function readBody(
  body: Readable,
  largestBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream.
    if (bytes > largestBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
