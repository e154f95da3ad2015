/** Reports how far long work has come. Libraries call it, the command line draws it. */
export interface Progress {
  /**
   * A named stage begins, with its amount of work in units of the stage's own choosing (undefined:
   * unknown).
   */
  stage(name: string, total?: number): void;
  /** Work done in the current stage so far, in the same units. */
  advance(done: number): void;
}

/** Reports to nobody: the default, so that calls need no guard. */
export const SILENT_PROGRESS: Progress = { stage() {}, advance() {} };
