import type { ContestCase } from '../case.ts';
import { ourFieldMul, wasmcurvesFieldMul } from '../contestants/field-mul.ts';

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'a Montgomery multiplication in the scalar field, one thread',
  notes: [
    'Arrays of 1024 elements, memory to memory, loops inside WebAssembly. Ours multiplies two arrays, ' +
      'wasmcurves (batchToMontgomery) an array by a constant.',
  ],
  measure: 'time',
  unit: 'ns',
  rows: [''],
  usesThirdParty: true,
  contestants: [wasmcurvesFieldMul, ourFieldMul],
  prepare: async () => ({}),
};
