import type { ContestantDefinition, OpenContestant } from '../case.ts';

/**
 * The same contestant with what it does before its first run timed with it, but for the loading of
 * its code.
 */
export function openedInRun(contestant: ContestantDefinition): ContestantDefinition {
  return {
    ...contestant,
    open(inputs, row) {
      contestant.load?.();
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
