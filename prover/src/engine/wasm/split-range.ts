/** Cuts 0..count into ranges of whole multiples of `unit`, about `parts` of them. */
export function splitRange(count: number, parts: number, unit = 1): (readonly [number, number])[] {
  const length = Math.max(unit, Math.ceil(count / parts / unit) * unit);
  const ranges: [number, number][] = [];
  for (let from = 0; from < count; from += length) {
    ranges.push([from, Math.min(count, from + length)]);
  }
  return ranges;
}
