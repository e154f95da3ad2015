/** Lengths of time for people: two units at most, so that a column of them stays narrow. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `340 ms`, `4.2 s`, `42 s`, `3 m 05 s`, `2 h 10 m`, `5 d 3 h`. @param ms below zero counts as 0 */
export function formatDuration(ms: number): string {
  const time = Math.max(0, ms);
  if (Math.round(time) < SECOND) return `${Math.round(time)} ms`;
  if (Math.round(time / 100) < 100) return `${(time / SECOND).toFixed(1)} s`;
  return formatSeconds(time);
}

/** The same in whole seconds: for what is shown while it grows. */
export function formatSeconds(ms: number): string {
  const time = Math.round(Math.max(0, ms) / SECOND) * SECOND;
  if (time < MINUTE) return `${time / SECOND} s`;
  if (time < HOUR) return inUnits(time, MINUTE, 'm', SECOND, 's');
  if (time < DAY) return inUnits(time, HOUR, 'h', MINUTE, 'm');
  return `${Math.floor(time / DAY)} d ${Math.floor((time % DAY) / HOUR)} h`;
}

function inUnits(time: number, large: number, its: string, small: number, name: string): string {
  const rest = Math.floor((time % large) / small);
  return `${Math.floor(time / large)} ${its} ${String(rest).padStart(2, '0')} ${name}`;
}
