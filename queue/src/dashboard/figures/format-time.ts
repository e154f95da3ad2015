/** Points in time for people, in the zone of the browser, always of 24 hours. */

const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const MINUTE = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** `14:05:09`, with the date unless it is the day of `now`. Both are milliseconds since 1970. */
export function formatTime(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return (sameDay ? TIME : FULL).format(at);
}

/** `14:05`. */
export function formatMinute(at: number): string {
  return MINUTE.format(at);
}
