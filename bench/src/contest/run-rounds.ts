import { interleave } from '../interleave.ts';
import type { ContestSeat } from './contest-seat.ts';

/** Rounds before those that count, and those that count. */
export interface Rounds {
  readonly warmUps: number;
  readonly rounds: number;
}

/**
 * Has all seats visited once a round, everyone first in turn; in the end, however it comes, all their
 * processes are gone.
 * @param visit runs the seat at this place; rounds below 0 are for warming up
 */
export async function runRounds(
  seats: readonly ContestSeat[],
  { warmUps, rounds }: Rounds,
  visit: (place: number, round: number) => Promise<void>,
): Promise<void> {
  try {
    for (const [index, order] of interleave(seats.length, warmUps + rounds).entries()) {
      for (const place of order) await visit(place, index - warmUps);
    }
    for (const seat of seats) await seat.close();
  } finally {
    for (const seat of seats) seat.kill();
  }
}
