/**
 * The data of server-sent events (WHATWG HTML, 9.2.6 "Interpreting an event stream"). Names, ids and
 * retry times of events are passed over: the service uses none.
 */
import { EnvironmentError } from '@zkinfer/core';

const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * The data of each event, as it comes; ends with the stream. What the stream was cut off in the
 * middle of is dropped.
 * @param idleMs longest time without a byte: a service sends comments in between
 * @throws EnvironmentError CLIENT_STREAM_IDLE, CLIENT_STREAM_TOO_LARGE; what the stream fails with
 */
export async function* eventData(
  stream: ReadableStream<Uint8Array>,
  idleMs: number,
): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await readInTime(reader, idleMs);
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      if (rest.length > MOST_CHARACTERS) throw tooLarge();
      const events = rest.split(/\r\n\r\n|\n\n|\r\r/);
      rest = events.pop()!;
      for (const event of events) {
        const data = dataOf(event);
        if (data !== undefined) yield data;
      }
    }
  } finally {
    // Also ends the connection when the caller has heard enough.
    await reader.cancel().catch(() => undefined);
  }
}

function dataOf(event: string): string | undefined {
  const lines = event
    .split(/\r\n|\n|\r/)
    .filter((line) => line === 'data' || line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).replace(/^ /, ''));
  return lines.length === 0 ? undefined : lines.join('\n');
}

async function readInTime(reader: ReadableStreamDefaultReader<Uint8Array>, idleMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooQuiet(idleMs)), idleMs);
  });
  try {
    return await Promise.race([reader.read(), idle]);
  } finally {
    clearTimeout(timer);
  }
}

function tooQuiet(idleMs: number): EnvironmentError {
  return new EnvironmentError({
    code: 'CLIENT_STREAM_IDLE',
    what: 'the stream of events has gone quiet',
    expected: `something within ${idleMs} ms`,
  });
}

function tooLarge(): EnvironmentError {
  return new EnvironmentError({
    code: 'CLIENT_STREAM_TOO_LARGE',
    what: 'an event of the service is too large',
    expected: `at most ${MOST_CHARACTERS} characters`,
  });
}
