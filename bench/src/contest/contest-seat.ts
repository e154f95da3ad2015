import type { CaseInputs, ContestCase, ExternalProgram } from '../case.ts';
import type { Measurement } from './contest-message.ts';
import { ContestProcess } from './contest-process.ts';
import type { ContestWatch } from './contest-watch.ts';

/** A contestant of a case, or a program of the command line. */
export interface Entrant {
  readonly name: string;
  readonly isOurs: boolean;
  readonly program?: ExternalProgram;
}

/** What an entrant works on. */
export interface SeatTask {
  /** Of the case's module. */
  readonly url: string;
  readonly contest: ContestCase;
  readonly inputs: CaseInputs;
  readonly row: string;
}

/** Where an entrant runs: in one process for all times, in a fresh one for each peak of memory. */
export class ContestSeat {
  readonly #task: SeatTask;
  readonly #entrant: Entrant;
  readonly #watch: ContestWatch;
  #process: ContestProcess | undefined;

  constructor(task: SeatTask, entrant: Entrant, watch: ContestWatch) {
    this.#task = task;
    this.#entrant = entrant;
    this.#watch = watch;
  }

  async run(): Promise<Measurement> {
    this.#process ??= await this.#open();
    const measurement = await this.#process.run();
    if (this.#task.contest.measure === 'memory') await this.close();
    return measurement;
  }

  /** Lets the contestant clean up. */
  async close(): Promise<void> {
    await this.#process?.close();
    this.#process = undefined;
  }

  /** Ends its process at once, if there still is one. */
  kill(): void {
    this.#process?.kill();
  }

  async #open(): Promise<ContestProcess> {
    const { url: caseUrl, inputs, row } = this.#task;
    const { name: contestant, program } = this.#entrant;
    const process = new ContestProcess(contestant, this.#watch);
    this.#process = process;
    const request = { caseUrl, contestant, row, inputs };
    await process.open(program === undefined ? request : { ...request, program });
    return process;
  }
}

/** All who take part: those of the case, and the programs where it takes any. */
export function entrantsOf(contest: ContestCase, programs: readonly ExternalProgram[]): Entrant[] {
  if (contest.programContestant === undefined) return [...contest.contestants];
  const others = programs.map((program) => ({ name: program.name, isOurs: false, program }));
  return [...contest.contestants, ...others];
}
