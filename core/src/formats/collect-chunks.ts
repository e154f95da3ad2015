import type { ChunkConsumer } from './chunk-writer.ts';

/** Runs a streaming writer and returns all its bytes in one array. */
export function collectChunks(write: (consumer: ChunkConsumer) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  write((chunk) => chunks.push(chunk.slice()));
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
