import type { ContestCase } from '../case.ts';
import { ourDevelopmentSetup } from '../contestants/setup-contestants.ts';
import { compileLenet5 } from '../inputs/lenet5.ts';

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'development setup of the LeNet-5 of the examples',
  notes: ['The key is not written to a file.'],
  measure: 'time',
  rows: ['lenet5'],
  warmUps: 0,
  usesThirdParty: false,
  contestants: [ourDevelopmentSetup],
  prepare: async (progress) => ({ compiled: await compileLenet5(progress) }),
};
