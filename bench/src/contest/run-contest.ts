import { IntegrityError } from '@zkinfer/core';
import type { CaseInputs, ContestCase, ExternalProgram } from '../case.ts';
import { formatMeasure } from '../format-measure.ts';
import type { LoadedCase } from '../load-case.ts';
import type { Measurement } from './contest-message.ts';
import { ContestProcess } from './contest-process.ts';
import { ContestSeat, type Entrant, entrantsOf, type SeatTask } from './contest-seat.ts';
import type { ContestWatch } from './contest-watch.ts';
import { runRounds } from './run-rounds.ts';

/** How a contest is run. */
export interface ContestOptions extends ContestWatch {
  readonly runs: number;
  readonly rows: readonly string[];
  readonly programs: readonly ExternalProgram[];
}

/** All that was measured of a contestant in a row. */
export interface ContestantSamples {
  readonly name: string;
  readonly isOurs: boolean;
  readonly measurements: readonly Measurement[];
}

export interface RowSamples {
  readonly row: string;
  readonly contestants: readonly ContestantSamples[];
}

/** A row of a contest's table, about to be run. */
interface RowContest extends SeatTask {
  readonly entrants: readonly Entrant[];
}

/**
 * Prepares the inputs and runs all contestants in all rows, one at a time.
 * @throws EnvironmentError BENCH_CONTESTANT_FAILED; IntegrityError BENCH_OUTCOMES_DIFFER
 */
export async function runContest(
  { url, name }: LoadedCase,
  contest: ContestCase,
  options: ContestOptions,
): Promise<RowSamples[]> {
  const inputs = await prepare(`the preparation of ${name}`, url, options);
  const entrants = entrantsOf(contest, options.programs);
  const results: RowSamples[] = [];
  for (const row of options.rows) {
    results.push(await runRow({ url, contest, inputs, row, entrants }, options));
  }
  return results;
}

async function prepare(
  name: string,
  caseUrl: string,
  options: ContestOptions,
): Promise<CaseInputs> {
  const preparation = new ContestProcess(name, options);
  try {
    return await preparation.prepare({ caseUrl, rows: options.rows });
  } finally {
    preparation.kill();
  }
}

async function runRow(row: RowContest, options: ContestOptions): Promise<RowSamples> {
  const { contest, entrants } = row;
  const samples = entrants.map((): Measurement[] => []);
  const seats = entrants.map((entrant) => new ContestSeat(row, entrant, options));
  const warmUps = contest.measure === 'memory' ? 0 : (contest.warmUps ?? 1);
  await runRounds(seats, { warmUps, rounds: options.runs }, async (place, round) => {
    const measurement = await seats[place]!.run();
    report(row, entrants[place]!, measurement, round, options);
    if (round >= 0) samples[place]!.push(measurement);
  });
  requireSameOutcome(row, samples);
  return {
    row: row.row,
    contestants: entrants.map(({ name, isOurs }, i) => ({
      name,
      isOurs,
      measurements: samples[i]!,
    })),
  };
}

function report(
  { contest, row }: RowContest,
  { name }: Entrant,
  measurement: Measurement,
  run: number,
  { runs, progress }: ContestOptions,
): void {
  const which = run < 0 ? 'warm-up' : `run ${run + 1} of ${runs}`;
  progress.stage(`${row} ${which}: ${name} ${formatMeasure(contest, measurement)}`.trim());
}

function requireSameOutcome({ row, entrants }: RowContest, samples: Measurement[][]): void {
  const expected = samples[0]?.[0]?.outcome;
  for (const [place, measurements] of samples.entries()) {
    const other = measurements.find(({ outcome }) => outcome !== expected);
    if (other === undefined) continue;
    throw new IntegrityError({
      code: 'BENCH_OUTCOMES_DIFFER',
      what: `${entrants[place]!.name} and ${entrants[0]!.name} made different things in row "${row}"`,
      got: other.outcome,
      expected: expected ?? 'an outcome',
    });
  }
}
