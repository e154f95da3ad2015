import { PHASES, type Phase, type Sample, type StudyRun } from '../study/study-run.ts';

/** A run of one model whose samples tests fill in. */
export function studyRun(part: Partial<StudyRun> = {}): StudyRun {
  return {
    format: 'zkinfer-bench-run',
    version: 1,
    suite: 'test',
    startedAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T03:14:05.000Z',
    command: 'npm run bench -- --suite test',
    repeat: 3,
    machine: { processor: 'test', cores: 2, memoryBytes: 8e9, system: 'linux', loadBefore: 0 },
    versions: { zkinfer: '0.1.0', node: '20.20.2' },
    warnings: [],
    prices: { currency: 'USD', machineHour: 3.6, gasPriceGwei: 2, coin: 2_500, source: 'made up' },
    models: [
      {
        name: 'iris',
        title: 'iris MLP',
        weights: 'trained',
        ladder: null,
        parameters: 67,
        activations: 8,
        accuracy: { samples: 30, floatCorrect: 29, integerCorrect: 29, changed: 0 },
      },
    ],
    circuits: [
      {
        model: 'iris',
        compiler: 'zkinfer',
        rows: 1_000,
        wires: 1_100,
        nonZeros: 5_000,
        domainLog2: 10,
        keyBytes: 500_000,
        proofBytes: 256,
        publicSignals: 3,
      },
    ],
    samples: [],
    gas: [],
    failures: [],
    ...part,
  };
}

/** Samples of one phase, round by round. */
export function samplesOf(
  engine: string,
  phase: Phase,
  milliseconds: readonly number[],
  others: Partial<Sample> = {},
): Sample[] {
  return milliseconds.map((value, round) => ({
    model: 'iris',
    compiler: 'zkinfer',
    engine,
    phase,
    round,
    milliseconds: value,
    cpuMilliseconds: value * 2,
    peakBytes: 100_000_000 + round,
    ...others,
  }));
}

/** Samples of every phase: a run as a suite gives it. */
export function fullSamples(): Sample[] {
  return PHASES.flatMap((phase, i) => {
    const engine = phase.startsWith('prove') ? 'wasm' : 'zkinfer';
    return samplesOf(engine, phase, [10 * (i + 1), 12 * (i + 1), 11 * (i + 1)]);
  }).concat(samplesOf('snarkjs', 'prove-warm', [400, 480, 440]));
}
