/** A contest that takes no time, for tests of the harness: contestants count their runs. */
import type { ContestantDefinition, ContestCase } from '../case.ts';

const FAILING_ROW = 'failing';
const DIFFERING_ROW = 'differing';
const LEAVING_ROW = 'leaving';

/** All rows but the first go wrong in a way of their own. */
export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'counting to a thousand',
  notes: ['For tests.'],
  measure: 'time',
  rows: ['fair', FAILING_ROW, DIFFERING_ROW, LEAVING_ROW],
  usesThirdParty: false,
  contestants: [counter('theirs', false), counter('zkinfer', true)],
  async prepare(progress) {
    progress.stage('choosing a number');
    return { until: 1000 };
  },
};

function counter(name: string, isOurs: boolean): ContestantDefinition {
  return {
    name,
    isOurs,
    async open({ until }, row) {
      let runs = 0;
      let sum = 0;
      return {
        operations: Number(until),
        reset() {
          sum = 0;
        },
        run() {
          runs++;
          for (let i = 0; i < Number(until); i++) sum++;
          if (row === FAILING_ROW && runs > 1) throw new Error('the second run fails');
          if (row === LEAVING_ROW) process.exit(7);
        },
        outcome: () => `${row === DIFFERING_ROW && isOurs ? sum + 1 : sum}`,
        close() {},
      };
    },
  };
}
