import type { Progress } from '@zkinfer/core';
import { Presets, SingleBar } from 'cli-progress';
import { formatDuration } from './format-quantity.ts';

/** Work that takes less is not worth a display. */
const QUIET_MS = 1000;
const REDRAW_MS = 250;

/** A progress with an end: what it drew is wiped when the work is over. */
export interface ProgressDisplay extends Progress {
  stop(): void;
}

/**
 * Draws stages as a bar on a terminal; shows nothing in the first second, and nothing at all when
 * the stream is no terminal.
 */
export function createProgressDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? new BarDisplay(stream) : { stage() {}, advance() {}, stop() {} };
}

class BarDisplay implements ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #started = Date.now();
  #stageStarted = 0;
  #bar: SingleBar | undefined;
  #name = '';
  #total = 0;
  #done = 0;
  /**
   * Redraws while engines work on other threads; unreferenced, so that it keeps no process alive.
   */
  readonly #timer = setInterval(() => this.#draw(), REDRAW_MS).unref();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  stage(name: string, total = 0): void {
    this.#wipe();
    this.#name = name;
    this.#total = total;
    this.#done = 0;
    this.#stageStarted = Date.now();
    this.#draw();
  }

  advance(done: number): void {
    this.#done = done;
    this.#draw();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#wipe();
  }

  #wipe(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(): void {
    if (this.#name === '' || Date.now() - this.#started < QUIET_MS) return;
    const payload = { name: this.#name, elapsed: formatDuration(Date.now() - this.#stageStarted) };
    if (this.#bar === undefined) {
      this.#bar = this.#createBar();
      this.#bar.start(this.#total, this.#done, payload);
    } else {
      this.#bar.update(this.#done, payload);
    }
  }

  #createBar(): SingleBar {
    const options = {
      stream: this.#stream,
      format: this.#total > 0 ? '  {name} {bar} {percentage} % {elapsed}' : '  {name} … {elapsed}',
      barsize: 24,
      clearOnComplete: true,
      // Ctrl-C ends the process at once, with nobody left to show the cursor again, or to wrap lines.
      hideCursor: false,
      linewrap: true,
      gracefulExit: false,
    };
    return new SingleBar(options, Presets.rect);
  }
}
