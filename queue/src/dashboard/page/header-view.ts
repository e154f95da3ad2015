/** Who answers, since when, and how fresh the figures are. */
import type { Overview } from '@zkinfer/core/service';
import { formatSeconds } from '../figures/format-duration.ts';
import { formatTime } from '../figures/format-time.ts';
import { byId, element, setAttribute, setText } from './element.ts';
import { KeyedChildren } from './keyed-children.ts';

/** The page's header and the list of problems below it. */
export class HeaderView {
  readonly #version = byId('version', HTMLElement);
  readonly #backend = byId('backend', HTMLElement);
  readonly #uptime = byId('uptime', HTMLElement);
  readonly #freshness = byId('freshness', HTMLElement);
  readonly #alerts = new KeyedChildren<string, HTMLLIElement>({
    parent: byId('alerts', HTMLElement),
    keyOf: (problem) => problem,
    create: (problem) => element('li', { class: 'alert', text: problem }),
    update: () => {},
  });
  #answeredAt: number | undefined;

  show({ at, version, startedAt, backend, chains }: Overview): void {
    this.#answeredAt = at;
    setText(this.#version, version);
    setText(this.#uptime, formatSeconds(at - startedAt));
    setText(this.#backend, `${backend.name} ${backend.ok ? 'ok' : 'not ok'}`);
    setAttribute(this.#backend, 'class', `badge ${backend.ok ? 'good' : 'bad'}`);
    setText(this.#freshness, `as of ${formatTime(at, at)}`);
    setAttribute(this.#freshness, 'class', 'quiet');
    this.#alerts.show([
      ...backend.problems.map((problem) => `${backend.name}: ${problem}`),
      ...chains.flatMap(({ chainId, problem }) =>
        problem === null ? [] : [`chain ${chainId}: ${problem}`],
      ),
    ]);
  }

  /** The service did not answer; the figures stay, and are said to be old. */
  showSilence(reason: string, delayMs: number): void {
    const since = this.#answeredAt;
    const old = since === undefined ? '' : ` The figures are of ${formatTime(since, Date.now())}.`;
    const next = `trying again in ${formatSeconds(delayMs)}`;
    setText(this.#freshness, 'no answer');
    setAttribute(this.#freshness, 'class', 'badge bad');
    this.#alerts.show([`No figures: ${reason}; ${next}.${old}`]);
  }
}
