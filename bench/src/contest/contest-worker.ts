/** The process of a preparation or of one contestant: does what the bench asks for. */
import type { ContestantDefinition, ContestCase, OpenContestant } from '../case.ts';
import { cpuTime } from '../cpu-time.ts';
import { loadCaseModule } from '../load-case.ts';
import { peakMemory } from '../peak-memory.ts';
import type {
  ContestRequest,
  ContestResponse,
  Measurement,
  OpenRequest,
  PrepareRequest,
} from './contest-message.ts';

let contestant: OpenContestant | undefined;

process.on('message', (request: ContestRequest) => {
  answer(request).then(send, (error: unknown) => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ kind: 'failed', reason });
  });
});
process.on('disconnect', endWithPrograms);

function send(response: ContestResponse): void {
  process.send?.(response);
}

async function answer(request: ContestRequest): Promise<ContestResponse> {
  switch (request.kind) {
    case 'prepare':
      return { kind: 'prepared', inputs: await prepare(request) };
    case 'open':
      contestant = await open(request);
      return { kind: 'opened' };
    case 'run':
      return { kind: 'ran', measurement: await measure(contestant!) };
    case 'close':
      await contestant?.close();
      return { kind: 'closed' };
  }
}

async function contestOf(url: string): Promise<ContestCase> {
  const { definition } = await loadCaseModule('', url);
  if (definition.kind !== 'contest') throw new TypeError(`${url} is not a contest`);
  return definition;
}

async function prepare({ caseUrl, rows }: PrepareRequest) {
  const contest = await contestOf(caseUrl);
  const progress = { stage: (stage: string) => send({ kind: 'progress', stage }), advance() {} };
  return contest.prepare(progress, rows);
}

async function open(request: OpenRequest): Promise<OpenContestant> {
  const definition = definitionOf(await contestOf(request.caseUrl), request);
  return definition.open(request.inputs, request.row);
}

function definitionOf(
  contest: ContestCase,
  { contestant, program }: OpenRequest,
): ContestantDefinition {
  if (program !== undefined) return contest.programContestant!(program);
  return contest.contestants.find(({ name }) => name === contestant)!;
}

async function measure(contestant: OpenContestant): Promise<Measurement> {
  contestant.reset?.();
  // Garbage of earlier runs is not this run's; the process is started with --expose-gc.
  globalThis.gc?.();
  const cpuBefore = cpuTime();
  const before = process.hrtime.bigint();
  await contestant.run();
  const nanoseconds = Number(process.hrtime.bigint() - before);
  const cpuAfter = cpuTime();
  // The check of the outcome takes memory too: it comes after.
  const isProgram = contestant.programPeakBytes !== undefined;
  const peakBytes = isProgram ? contestant.programPeakBytes!() : peakMemory();
  const cpu = isProgram
    ? difference(cpuAfter.programs, cpuBefore.programs)
    : cpuAfter.own - cpuBefore.own;
  const operations = contestant.operations ?? 1;
  return {
    milliseconds: nanoseconds / 1e6 / operations,
    cpuMilliseconds: cpu === undefined ? undefined : cpu / operations,
    peakBytes,
    outcome: await contestant.outcome(),
  };
}

function difference(after: number | undefined, before: number | undefined): number | undefined {
  return after === undefined || before === undefined ? undefined : after - before;
}

/** The bench is gone: a program that is still running has nobody left to wait for it. */
function endWithPrograms(): void {
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
  process.exit();
}
