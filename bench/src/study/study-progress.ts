/** What a study tells of itself while it runs. */
import { clearLine, cursorTo } from 'node:readline';
import type { Progress } from '@zkinfer/core';
import type { BenchModel } from '../models/bench-model.ts';
import type { Phase } from './study-run.ts';
import { studyShare } from './study-share.ts';

/** Where it is told: a terminal's line is drawn anew, anything else gets line after line. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

const REDRAW_MS = 1000;

/** Some terminals do not tell their width, or say 0. */
const UNTOLD_COLUMNS = 80;

/** A guess from less of the work is none. */
const LEAST_SHARE = 0.05;

/** Time since the start, model so many of so many, what is measured; on a terminal what is left. */
export class StudyProgress implements Progress {
  readonly #stream: ProgressStream;
  readonly #models: readonly BenchModel[];
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #model = 0;
  #phase: Phase = 'compile';
  #text = '';

  constructor(stream: ProgressStream, models: readonly BenchModel[]) {
    this.#stream = stream;
    this.#models = models;
    // Unreferenced: it keeps no process alive.
    if (stream.isTTY) this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref();
  }

  /** A model begins. */
  model(model: BenchModel): void {
    this.#model = this.#models.indexOf(model);
    this.#phase = 'compile';
  }

  /** A phase of the model begins. */
  phase(phase: Phase): void {
    this.#phase = phase;
  }

  stage(name: string): void {
    this.#text = name;
    if (this.#stream.isTTY) this.#draw();
    else this.#stream.write(`${this.#line()}\n`);
  }

  advance(): void {}

  /** A line that stays. */
  note(text: string): void {
    this.#wipe();
    this.#stream.write(`${text}\n`);
  }

  /** Wipes what a terminal shows. */
  stop(): void {
    clearInterval(this.#timer);
    this.#wipe();
  }

  #line(): string {
    const elapsed = performance.now() - this.#started;
    const place = `${this.#model + 1} of ${this.#models.length}`;
    const left = this.#stream.isTTY ? this.#left(elapsed) : '';
    return `${clock(elapsed)}${left}  ${place}  ${this.#text}`;
  }

  #left(elapsed: number): string {
    const share = studyShare(this.#models, { model: this.#model, phase: this.#phase });
    if (share < LEAST_SHARE) return '';
    const minutes = Math.ceil((elapsed * (1 - share)) / share / 60_000);
    return `, about ${minutes} min left`;
  }

  #draw(): void {
    if (this.#text === '') return;
    this.#wipe();
    this.#stream.write(this.#line().slice(0, (this.#stream.columns || UNTOLD_COLUMNS) - 1));
  }

  #wipe(): void {
    if (!this.#stream.isTTY) return;
    const stream = this.#stream as NodeJS.WritableStream;
    cursorTo(stream, 0);
    clearLine(stream, 1);
  }
}

/** Milliseconds as minutes and seconds: 134_000 → `2:14`. */
function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
