/** One phase of one model: contestants of all its compilers in turn, round by round. */
import { IntegrityError, InternalError, ZkinferError } from '@zkinfer/core';
import type { CaseInputs, ExternalProgram } from '../case.ts';
import type { Measurement } from '../contest/contest-message.ts';
import { ContestSeat, type Entrant, entrantsOf } from '../contest/contest-seat.ts';
import type { ContestWatch } from '../contest/contest-watch.ts';
import { runRounds } from '../contest/run-rounds.ts';
import { loadCaseModule } from '../load-case.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { Phase } from './study-run.ts';

/** What is run and where its figures go. */
export interface PhaseOptions extends ContestWatch {
  readonly phase: Phase;
  readonly model: string;
  readonly lanes: readonly PhaseLane[];
  readonly rounds: number;
  /** How long warm contestants warm up at least; a run each in any case. */
  readonly warmUpMs: number;
  readonly programs: readonly ExternalProgram[];
  /** Whether a contestant of this name takes part in a lane. */
  readonly takesPart: (engine: string, compiler: string) => boolean;
  readonly recorder: RunRecorder;
}

/** What a phase takes of a compiler's lane. */
export interface PhaseLane {
  readonly compiler: string;
  readonly inputs: CaseInputs;
}

/** Of quick work, however long warming up may take. */
const MAX_WARM_UPS = 10;

/**
 * Runs it. A contestant that fails is recorded and takes no further part; the others go on.
 * @returns the compilers in whose lanes anyone got through
 * @throws the signal's reason when it was aborted
 */
export async function runPhase(options: PhaseOptions): Promise<string[]> {
  const { phase, lanes, programs, rounds, takesPart } = options;
  const url = new URL(`./phases/${phase}.js`, import.meta.url).href;
  const { definition: contest } = await loadCaseModule(phase, url);
  if (contest.kind !== 'contest') {
    throw new InternalError({ code: 'BENCH_PHASE', what: `${phase} is no contest` });
  }
  const places = lanes.flatMap((lane) =>
    entrantsOf(contest, programs)
      .filter(({ name }) => takesPart(name, lane.compiler))
      .map((entrant) => ({ lane, entrant })),
  );
  const seats = places.map(
    ({ lane, entrant }) =>
      new ContestSeat({ url, contest, inputs: lane.inputs, row: '' }, entrant, options),
  );
  const runs = new PhaseRuns(options, places, seats);
  const warmUps = contest.measure === 'memory' ? 0 : 1;
  await runRounds(seats, { warmUps, rounds }, (place, round) => runs.run(place, round));
  const survivors = places.filter((_, place) => !runs.hasFailed(place));
  return [...new Set(survivors.map(({ lane }) => lane.compiler))];
}

interface PhasePlace {
  readonly lane: PhaseLane;
  readonly entrant: Entrant;
}

class PhaseRuns {
  readonly #options: PhaseOptions;
  readonly #places: readonly PhasePlace[];
  readonly #seats: readonly ContestSeat[];
  readonly #failed = new Set<number>();
  /** By compiler: other rows have other public signals. */
  readonly #outcomes = new Map<string, string>();

  constructor(options: PhaseOptions, places: readonly PhasePlace[], seats: readonly ContestSeat[]) {
    this.#options = options;
    this.#places = places;
    this.#seats = seats;
  }

  hasFailed(place: number): boolean {
    return this.#failed.has(place);
  }

  /** @param round below 0 for warming up */
  async run(place: number, round: number): Promise<void> {
    if (this.#failed.has(place)) return;
    const { recorder, signal } = this.#options;
    try {
      if (round < 0) await this.#warmUp(place);
      else await recorder.addSample(await this.#sample(place, round));
    } catch (error) {
      signal.throwIfAborted();
      this.#failed.add(place);
      this.#seats[place]!.kill();
      await recorder.addFailure({ ...this.#key(place), ...failureOf(error) });
    }
  }

  async #warmUp(place: number): Promise<void> {
    this.#tell(place, 'warming up');
    const started = performance.now();
    let runs = 0;
    do {
      this.#requireSameOutcome(place, await this.#seats[place]!.run());
      runs += 1;
    } while (runs < MAX_WARM_UPS && performance.now() - started < this.#options.warmUpMs);
  }

  async #sample(place: number, round: number) {
    this.#tell(place, `round ${round + 1} of ${this.#options.rounds}`);
    const measurement = await this.#seats[place]!.run();
    this.#requireSameOutcome(place, measurement);
    const { milliseconds, cpuMilliseconds, peakBytes } = measurement;
    return {
      ...this.#key(place),
      round,
      milliseconds,
      cpuMilliseconds: cpuMilliseconds ?? null,
      peakBytes: peakBytes ?? null,
    };
  }

  #tell(place: number, what: string): void {
    const { model, lanes, phase, progress } = this.#options;
    const { compiler, engine } = this.#key(place);
    const isCompiler = engine === compiler || lanes.length === 1;
    progress.stage(`${model}, ${phase}: ${isCompiler ? '' : `${compiler}, `}${engine}, ${what}`);
  }

  #key(place: number) {
    const { model, phase } = this.#options;
    const { lane, entrant } = this.#places[place]!;
    return { model, compiler: lane.compiler, engine: entrant.name, phase };
  }

  /** Contestants do the same work or are not compared. */
  #requireSameOutcome(place: number, { outcome }: Measurement): void {
    const { compiler } = this.#key(place);
    const expected = this.#outcomes.get(compiler) ?? outcome;
    this.#outcomes.set(compiler, expected);
    if (outcome === expected) return;
    throw new IntegrityError({
      code: 'BENCH_OUTCOMES_DIFFER',
      what: 'another outcome than that of the contestants before',
      got: outcome.slice(0, 200),
      expected: expected.slice(0, 200),
    });
  }
}

/** An error in a line, for the list of what was not measured. */
export function failureOf(error: unknown): { readonly code: string; readonly what: string } {
  const [what] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { code: error instanceof ZkinferError ? error.code : 'BENCH_UNEXPECTED', what: what! };
}
