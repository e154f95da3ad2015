/** What a case is: a file in `cases/` that exports `benchCase`. */
import type { Progress } from '@zkinfer/core';
import type { Table } from './render-markdown.ts';

/** Paths and numbers that a case's preparation hands to its contestants, in other processes. */
export type CaseInputs = Readonly<Record<string, string | number>>;

/** A contestant ready to run, in a process of its own. */
export interface OpenContestant {
  /** Operations of one run, that its time is divided by; 1 unless told. */
  readonly operations?: number;
  /** Puts inputs back that a run overwrites. Not timed. */
  reset?(): void;
  /** What is measured. Called many times. */
  run(): Promise<void> | void;
  /**
   * What the last run made, as text that is the same for every contestant that did the same work
   * right. Not timed. Throws when it is wrong.
   */
  outcome(): Promise<string> | string;
  /**
   * Given by those that have a program do the work: CPU time is the program's, too. The largest
   * memory of it and all that it started, where the machine tells.
   */
  programPeakBytes?(): number | undefined;
  close(): Promise<void> | void;
}

/** One who takes part in a contest. */
export interface ContestantDefinition {
  readonly name: string;
  /** Ours are compared with all the others. */
  readonly isOurs: boolean;
  /** Loads the code: not measured even where opening is. */
  load?(): void;
  /** Everything that is not measured. @param row one of the contest's rows */
  open(inputs: CaseInputs, row: string): Promise<OpenContestant>;
}

/** A program of others, given on the command line, that proves as rapidsnark does. */
export interface ExternalProgram {
  readonly name: string;
  readonly path: string;
}

/** The same work done by several contestants, side by side. */
export interface ContestCase {
  readonly kind: 'contest';
  readonly title: string;
  /** What the reader of the table should know. */
  readonly notes: readonly string[];
  /** `memory`: the largest resident memory of a process that runs once. */
  readonly measure: 'time' | 'memory';
  /** Of a time shown in the table. */
  readonly unit?: 'ms' | 'ns';
  /** Sizes or inputs, each a contest of its own. */
  readonly rows: readonly string[];
  /** Runs before those that count, so that code is compiled; 1 unless told. */
  readonly warmUps?: number;
  /** Whether it needs the packages in `thirdparty/`. */
  readonly usesThirdParty: boolean;
  readonly contestants: readonly ContestantDefinition[];
  /** Makes a contestant of a program; cases without it take none. */
  programContestant?(program: ExternalProgram): ContestantDefinition;
  /** Makes or finds the inputs, in a process of its own. @param rows those that will be run */
  prepare(progress: Progress, rows: readonly string[]): Promise<CaseInputs>;
}

/** A case that counts in place of racing. */
export interface CountCase {
  readonly kind: 'count';
  readonly title: string;
  readonly notes: readonly string[];
  readonly usesThirdParty: boolean;
  count(progress: Progress): Promise<Table>;
}

export type BenchCase = ContestCase | CountCase;
