import type { Progress } from '@zkinfer/core';
import type { CaseInputs, ContestCase, ExternalProgram } from './case.ts';
import type { Measurement } from './contest-message.ts';
import { ContestProcess } from './contest-process.ts';

/** A contestant of a case, or a program of the command line. */
export interface Entrant {
  readonly name: string;
  readonly isOurs: boolean;
  readonly program?: ExternalProgram;
}

/** A row of a contest's table, about to be run. */
export interface RowContest {
  readonly url: string;
  readonly contest: ContestCase;
  readonly inputs: CaseInputs;
  readonly row: string;
  readonly entrants: readonly Entrant[];
}

/** Where an entrant runs: in one process for all times, in a fresh one for each peak of memory. */
export class ContestSeat {
  readonly #row: RowContest;
  readonly #entrant: Entrant;
  readonly #progress: Progress;
  #process: ContestProcess | undefined;

  constructor(row: RowContest, entrant: Entrant, progress: Progress) {
    this.#row = row;
    this.#entrant = entrant;
    this.#progress = progress;
  }

  async run(): Promise<Measurement> {
    this.#process ??= await this.#open();
    const measurement = await this.#process.run();
    if (this.#row.contest.measure === 'memory') await this.close();
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
    const { url: caseUrl, inputs, row } = this.#row;
    const { name: contestant, program } = this.#entrant;
    const process = new ContestProcess(contestant, this.#progress);
    this.#process = process;
    const request = { caseUrl, contestant, row, inputs };
    await process.open(program === undefined ? request : { ...request, program });
    return process;
  }
}
