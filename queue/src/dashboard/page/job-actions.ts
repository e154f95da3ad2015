/** What an operator can do about a job: retry or cancel it, each in two steps. */
import type { JobView } from '@zkinfer/core/service';
import { canCancel, canRetry } from '../figures/words.ts';
import { byId, element, setText } from './element.ts';
import { cancelJob, RefusalError, retryJob } from './service-client.ts';

/** Who is told what comes of it. */
export interface ActionListener {
  say(text: string): void;
  done(): void;
}

/** A button whose second press within this time counts. */
const CONFIRM_WITHIN_MS = 5_000;

/** The buttons of the open job. */
export class JobActions {
  readonly #listener: ActionListener;
  readonly #parent = byId('job-actions', HTMLElement);
  #shown = '';

  constructor(listener: ActionListener) {
    this.#listener = listener;
  }

  /** Shows the buttons that the job's state allows. */
  show(job: JobView): void {
    const wanted = `${job.id} ${canRetry(job)} ${canCancel(job)}`;
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#parent.replaceChildren(
      ...(canRetry(job) ? [this.#button('Retry', () => retryJob(job.id))] : []),
      ...(canCancel(job) ? [this.#button('Cancel', () => cancelJob(job.id))] : []),
    );
  }

  #button(name: string, act: () => Promise<unknown>): HTMLButtonElement {
    const button = element('button', { text: `${name} this job`, attributes: { type: 'button' } });
    let isAsked = false;
    button.addEventListener('click', async () => {
      if (isAsked) {
        button.disabled = true;
        await this.#act(name, act);
        button.disabled = false;
      } else {
        setTimeout(() => ask(false), CONFIRM_WITHIN_MS);
      }
      ask(!isAsked);
    });
    const ask = (asks: boolean): void => {
      isAsked = asks;
      setText(button, asks ? `Really ${name.toLowerCase()} it?` : `${name} this job`);
      button.classList.toggle('asks', asks);
    };
    return button;
  }

  async #act(name: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.#listener.say(`${name}: the service has taken it.`);
      this.#listener.done();
    } catch (error) {
      const code = error instanceof RefusalError ? ` (${error.code})` : '';
      this.#listener.say(`${name}: refused, ${(error as Error).message}${code}.`);
    }
  }
}
