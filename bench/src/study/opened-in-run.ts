import type { ContestantDefinition, OpenContestant } from '../case.ts';

/** The same contestant with what it does before its first run timed with it. */
export function openedInRun(contestant: ContestantDefinition): ContestantDefinition {
  return {
    ...contestant,
    open(inputs, row) {
      let opened: OpenContestant | undefined;
      return Promise.resolve({
        async run() {
          opened = await contestant.open(inputs, row);
          await opened.run();
        },
        outcome: () => opened!.outcome(),
        close: () => opened?.close(),
      });
    },
  };
}
