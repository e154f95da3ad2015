/** Numbers as people read them. */

/** 131068 → `131,068`. */
export function formatCount(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes in decimal units with three digits: `256 B`, `1.23 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : threeDigits(value)} ${units[unit]}`;
}

/** Milliseconds: `340 ms`, `2.3 s`, `4 min 05 s`, `1 h 30 min`, `2 d 06 h`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, ['min', 's']);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return twoUnits(minutes, 60, ['h', 'min']);
  return twoUnits(Math.round(minutes / 60), 24, ['d', 'h']);
}

/** Unix seconds: `2026-11-21 08:51:33 UTC`. */
export function formatTime(timestamp: bigint): string {
  const [date, time] = new Date(Number(timestamp) * 1000).toISOString().split(/[T.]/);
  return `${date} ${time} UTC`;
}

/** A share of one: 0.9876 → `98.76 %`. */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** A real with four significant digits: `0.01234`, `-12.3`, `1.2e-7`. */
export function formatReal(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

/** A tensor's shape: `28 × 28 × 1`. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}

function twoUnits(value: number, perUnit: number, [large, small]: [string, string]): string {
  const rest = String(value % perUnit).padStart(2, '0');
  return `${Math.floor(value / perUnit)} ${large} ${rest} ${small}`;
}

function threeDigits(value: number): string {
  return value.toPrecision(3).includes('e') ? value.toFixed(0) : value.toPrecision(3);
}
