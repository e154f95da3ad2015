import { domainSizeLog2 } from '@zkinfer/core';
import type { ContestCase } from '../case.ts';
import { ourPowersOfTauSetup, snarkjsPowersOfTauSetup } from '../contestants/setup-contestants.ts';
import { compileLenet5, openLenet5 } from '../inputs/lenet5.ts';
import { worthlessPtau } from '../inputs/worthless-ptau.ts';

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'setup of LeNet-5 from a prepared powers-of-tau file',
  notes: [
    'The file has the smallest power that fits, made from known secrets.',
    'Both keys must have the same points. The digest of the file is part of our time.',
  ],
  measure: 'time',
  rows: ['lenet5'],
  warmUps: 0,
  usesThirdParty: true,
  contestants: [snarkjsPowersOfTauSetup, ourPowersOfTauSetup],
  async prepare(progress) {
    const compiled = await compileLenet5(progress);
    const power = domainSizeLog2(await openLenet5(compiled));
    return { compiled, ptau: await worthlessPtau(power, progress) };
  },
};
