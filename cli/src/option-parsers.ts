/** Parsers for option values; what they throw, commander reports with the option's name. */
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { InvalidArgumentError } from 'commander';

/** An integer in [lowest, highest]. */
export function integerOption(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`Expected an integer from ${lowest} to ${highest}.`);
  };
}

/** Bits of integers, 2 to 16, or `auto`. */
export function bitsOption(text: string): number | 'auto' {
  return text === 'auto' ? text : integerOption(2, 16)(text);
}

/** A share of one, above 0 and below 1. */
export function shareOption(text: string): number {
  const value = realOption(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a number above 0 and below 1.');
}

/** Any finite real. A fraction such as 1/255 is one too. */
export function realOption(text: string): number {
  const [numerator, denominator, ...rest] = text.split('/');
  const value = Number(numerator || Number.NaN) / Number(denominator ?? 1);
  if (rest.length === 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number, such as 0.5 or 1/255.');
}

/** A field element, decimal or hexadecimal with 0x, in [0, r). */
export function fieldElementOption(text: string): bigint {
  if (/^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text)) {
    const value = BigInt(text);
    if (value < SCALAR_FIELD_ORDER) return value;
  }
  throw new InvalidArgumentError('Expected an integer in [0, r), r the order of the scalar field.');
}

/** 32 bytes, 0x and 64 hexadecimal digits, such as the id of a model or request. */
export function hash32Option(text: string): string {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Expected 0x and 64 hexadecimal digits.');
}

/** A SHA-256, such as the digest of a model: 64 hexadecimal digits. */
export function sha256Option(text: string): string {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Expected 64 hexadecimal digits.');
}

const BYTES: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** An amount of memory such as 512MiB, 4GiB or 1.5GB, in bytes. */
export function memoryOption(text: string): number {
  const [, count, unit] = /^(\d{1,6}(?:\.\d{1,3})?) ?([MGT]i?B)$/.exec(text) ?? [];
  const bytes = Math.floor(Number(count) * BYTES[unit ?? '']!);
  if (bytes > 0) return bytes;
  throw new InvalidArgumentError('Expected an amount of memory such as 512MiB or 4GiB.');
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration such as 90s, 30m, 2h or 1d, in seconds. */
export function durationOption(text: string): number {
  const [, count, unit] = /^(\d{1,8})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * SECONDS[unit ?? '']!;
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('Expected a duration such as 90s, 30m, 2h or 1d.');
}
