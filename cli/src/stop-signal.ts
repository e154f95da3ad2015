const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Resolves when someone asks this process to stop. Whoever asks a second time does not want to
 * wait: the process ends at once.
 */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}
