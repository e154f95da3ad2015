import type { ContestCase } from '../case.ts';
import { ffjavascriptG1Msm, ourG1Msm } from '../contestants/g1-msm.ts';
import { curvePointsFile } from '../inputs/curve-points.ts';
import { powerOf, sizeRows } from '../inputs/sizes.ts';

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'a multi-scalar multiplication in G1, uniformly random scalars, all cores',
  notes: [
    'From scalars in normal form to one point; ours has its points decoded, as a loaded key has.',
  ],
  measure: 'time',
  rows: sizeRows(12, 13, 14, 15, 16, 17, 18),
  usesThirdParty: true,
  contestants: [ffjavascriptG1Msm, ourG1Msm],
  async prepare(progress, rows) {
    const largest = Math.max(...rows.map(powerOf));
    return { points: await curvePointsFile(2 ** largest, progress) };
  },
};
