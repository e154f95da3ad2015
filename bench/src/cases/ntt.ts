import type { ContestCase } from '../case.ts';
import { ffjavascriptNtt, ourNtt } from '../contestants/ntt.ts';
import { sizeRows } from '../inputs/sizes.ts';

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'values on a domain to values on its odd coset: two NTTs and a shift, all cores',
  notes: ['What Groth16 does to each of a, b and c. Ours works in place, with its tables ready.'],
  measure: 'time',
  rows: sizeRows(12, 13, 14, 15, 16, 17, 18),
  usesThirdParty: true,
  contestants: [ffjavascriptNtt, ourNtt],
  prepare: async () => ({}),
};
