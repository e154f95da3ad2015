/** Figures as a report shows them. */
import { threeDigits } from '../format-measure.ts';

/** 12345 → `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** Milliseconds, with the unit that three digits fit: 0.0123 → `12.3 µs`, 93_000 → `93.0 s`. */
export function formatTime(milliseconds: number): string {
  if (milliseconds === 0) return '0 ms';
  if (milliseconds < 1) return `${threeDigits(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${threeDigits(milliseconds)} ms`;
  if (milliseconds < 600_000) return `${threeDigits(milliseconds / 1000)} s`;
  return `${threeDigits(milliseconds / 60_000)} min`;
}

/** Bytes in decimal units: 256 → `256 B`, 57_100_000 → `57.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${threeDigits(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${threeDigits(bytes / 1e6)} MB`;
  return `${threeDigits(bytes / 1e9)} GB`;
}

/** An amount with its currency, three significant digits: 0.0000417 → `0.0000417 USD`. */
export function formatMoney(amount: number, currency: string): string {
  if (amount === 0) return `0 ${currency}`;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(amount))));
  return `${amount >= 1000 ? formatCount(Math.round(amount)) : amount.toFixed(digits)} ${currency}`;
}
