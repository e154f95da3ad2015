import type { ContestCase } from '../case.ts';
import { ourG1Add, PAIRS, wasmcurvesG1Add } from '../contestants/g1-add.ts';
import { curvePointsFile } from '../inputs/curve-points.ts';

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'an addition of points in G1, many independent ones, one thread',
  notes: [
    'Ours: affine sums, an inversion for each 1024. wasmcurves (addMixed): Jacobian sums, called ' +
      'from JavaScript one by one.',
  ],
  measure: 'time',
  unit: 'ns',
  rows: [''],
  usesThirdParty: true,
  contestants: [wasmcurvesG1Add, ourG1Add],
  prepare: async (progress) => ({ points: await curvePointsFile(2 * PAIRS, progress) }),
};
