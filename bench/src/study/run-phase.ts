/** One phase of one model: its contestants in turn, round by round, and what they took. */
import { IntegrityError, InternalError, type Progress, ZkinferError } from '@zkinfer/core';
import type { CaseInputs, ExternalProgram } from '../case.ts';
import type { Measurement } from '../contest-message.ts';
import { ContestSeat, type Entrant } from '../contest-seat.ts';
import { interleave } from '../interleave.ts';
import { loadCaseModule } from '../load-case.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { Phase } from './study-run.ts';

/** What is run and where its figures go. */
export interface PhaseOptions {
  readonly phase: Phase;
  readonly model: string;
  readonly compiler: string;
  readonly inputs: CaseInputs;
  readonly rounds: number;
  readonly programs: readonly ExternalProgram[];
  /** Whether a contestant of this name takes part. */
  readonly takesPart: (engine: string) => boolean;
  readonly recorder: RunRecorder;
  readonly progress: Progress;
}

/**
 * Runs it. A contestant that fails is recorded and takes no further part; the others go on.
 * @returns whether anyone got through
 */
export async function runPhase(options: PhaseOptions): Promise<boolean> {
  const { phase, inputs, progress, rounds } = options;
  const url = new URL(`./phases/${phase}.js`, import.meta.url).href;
  const { definition: contest } = await loadCaseModule(phase, url);
  if (contest.kind !== 'contest') {
    throw new InternalError({ code: 'BENCH_PHASE', what: `${phase} is no contest` });
  }
  const takesPrograms = contest.programContestant !== undefined;
  const entrants: Entrant[] = [
    ...contest.contestants,
    ...(takesPrograms ? options.programs : []).map((program) => ({
      name: program.name,
      isOurs: false,
      program,
    })),
  ].filter(({ name }) => options.takesPart(name));
  const seats = entrants.map(
    (entrant) => new ContestSeat({ url, contest, inputs, row: '', entrants }, entrant, progress),
  );
  const round = new PhaseRounds(options, entrants, seats);
  const warmUps = contest.measure === 'memory' ? 0 : 1;
  try {
    for (const [index, order] of interleave(entrants.length, warmUps + rounds).entries()) {
      for (const place of order) await round.run(place, index - warmUps);
    }
  } finally {
    for (const seat of seats) seat.kill();
  }
  return round.survivors > 0;
}

class PhaseRounds {
  readonly #options: PhaseOptions;
  readonly #entrants: readonly Entrant[];
  readonly #seats: readonly ContestSeat[];
  readonly #failed = new Set<number>();
  #outcome: string | undefined;

  constructor(options: PhaseOptions, entrants: readonly Entrant[], seats: readonly ContestSeat[]) {
    this.#options = options;
    this.#entrants = entrants;
    this.#seats = seats;
  }

  get survivors(): number {
    return this.#entrants.length - this.#failed.size;
  }

  /** @param round below 0 for warming up */
  async run(place: number, round: number): Promise<void> {
    if (this.#failed.has(place)) return;
    const { phase, model, progress, recorder } = this.#options;
    const { name: engine } = this.#entrants[place]!;
    progress.stage(`${model}, ${phase}: ${engine}${round < 0 ? ', warming up' : ''}`);
    try {
      const measurement = await this.#seats[place]!.run();
      this.#requireSameOutcome(measurement);
      if (round >= 0) await recorder.addSample(this.#sample(engine, round, measurement));
    } catch (error) {
      this.#failed.add(place);
      this.#seats[place]!.kill();
      await recorder.addFailure({ ...this.#key(engine), ...failureOf(error) });
    }
  }

  #sample(engine: string, round: number, measurement: Measurement) {
    const { milliseconds, cpuMilliseconds, peakBytes } = measurement;
    return {
      ...this.#key(engine),
      round,
      milliseconds,
      cpuMilliseconds: cpuMilliseconds ?? null,
      peakBytes: peakBytes ?? null,
    };
  }

  #key(engine: string) {
    const { model, compiler, phase } = this.#options;
    return { model, compiler, engine, phase };
  }

  /** Contestants do the same work or are not compared. */
  #requireSameOutcome({ outcome }: Measurement): void {
    this.#outcome ??= outcome;
    if (outcome === this.#outcome) return;
    throw new IntegrityError({
      code: 'BENCH_OUTCOMES_DIFFER',
      what: 'another outcome than that of the contestants before',
      got: outcome.slice(0, 200),
      expected: this.#outcome.slice(0, 200),
    });
  }
}

function failureOf(error: unknown): { readonly code: string; readonly what: string } {
  if (error instanceof ZkinferError) {
    return { code: error.code, what: error.message.split('\n')[0]! };
  }
  return { code: 'BENCH_UNEXPECTED', what: String(error).split('\n')[0]! };
}
