import type { ContestantDefinition, ContestCase, ExternalProgram } from '../case.ts';

/** A phase of a study: who takes part, and whether each sample has a process of its own. */
export interface PhaseDefinition {
  readonly contestants: readonly ContestantDefinition[];
  readonly isCold: boolean;
  programContestant?(program: ExternalProgram): ContestantDefinition;
}

/** A phase as the processes of contests load it; its inputs come from the study. */
export function phaseCase({ isCold, ...definition }: PhaseDefinition): ContestCase {
  return {
    kind: 'contest',
    title: '',
    notes: [],
    // A contest of memory has a fresh process for each sample, without warm-up.
    measure: isCold ? 'memory' : 'time',
    rows: [''],
    usesThirdParty: false,
    ...definition,
    prepare: () => Promise.resolve({}),
  };
}
