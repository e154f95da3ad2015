/** Counts, sizes and amounts for people. */

const WEI_PER_COIN = 10n ** 18n;
const WEI_PER_GWEI = 10n ** 9n;
const KIBI = 1024;
const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en', {
  notation: 'compact',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** `12,345`; from a hundred thousand on `1.2M`. */
export function formatCount(count: number | bigint): string {
  return count < 100_000 ? WHOLE.format(count) : COMPACT.format(count);
}

/** `312 MiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= KIBI && unit < BINARY_UNITS.length - 1) {
    size /= KIBI;
    unit += 1;
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${BINARY_UNITS[unit]}`;
}

/** A share in [0, 1] as `42 %`; what is outside is moved to the nearer end. */
export function formatShare(share: number): string {
  return `${Math.round(clampShare(share) * 100)} %`;
}

/** A share, moved into [0, 1]; no number becomes 0. */
export function clampShare(share: number): number {
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

/**
 * Wei as coins of the chain with four significant digits, `0.01234`; what is below a millionth of
 * a coin in gwei, `12.3 gwei`, and below that in wei. Cut, never rounded up: nobody has more than
 * is shown.
 * @param wei decimal digits, perhaps after `-`
 */
export function formatAmount(wei: string): string {
  const value = BigInt(wei);
  const size = value < 0n ? -value : value;
  const sign = value < 0n ? '−' : '';
  if (size === 0n) return '0';
  if (size < WEI_PER_GWEI / 1000n) return `${sign}${size} wei`;
  if (size < WEI_PER_COIN / 1_000_000n) return `${sign}${significant(size, WEI_PER_GWEI)} gwei`;
  return `${sign}${significant(size, WEI_PER_COIN)}`;
}

/** value / one with 4 significant digits, or all digits before the point. */
function significant(value: bigint, one: bigint): string {
  const whole = value / one;
  if (whole >= 1000n) return WHOLE.format(whole);
  const places = one.toString().length - 1;
  const fraction = (value % one).toString().padStart(places, '0');
  const leading = whole > 0n ? whole.toString().length : -fraction.search(/[1-9]/);
  const kept = fraction.slice(0, 4 - leading).replace(/0+$/, '');
  return kept === '' ? `${whole}` : `${whole}.${kept}`;
}
