/** The result, or the signal's reason if that comes first; what is late fails unheard. */
export async function untilAborted<T>(
  result: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return result;
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const options = { once: true, signal: ended.signal };
    signal.addEventListener('abort', () => reject(signal.reason), options);
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    ended.abort();
  }
}
