/** Named facts, with a button beside those that people copy. */
import { copyButton } from './copy-button.ts';
import { element, setText } from './element.ts';
import { KeyedChildren } from './keyed-children.ts';

/** One fact. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** A hash or an id: shown as such, and can be copied. */
  readonly isId?: boolean;
}

/** A `dl` of the page. */
export class FactList {
  readonly #facts: KeyedChildren<Fact, HTMLElement>;

  constructor(parent: HTMLElement) {
    this.#facts = new KeyedChildren<Fact, HTMLElement>({
      parent,
      // What is known later gets its button then.
      keyOf: ({ name, isId }) => `${name} ${isId === true}`,
      create: newFact,
      update: (row, { value }) => setText(row.querySelector('.fact')!, value),
    });
  }

  show(facts: readonly Fact[]): void {
    this.#facts.show(facts);
  }
}

function newFact({ name, isId }: Fact): HTMLElement {
  const value = element('span', { class: isId ? 'fact id' : 'fact' });
  const description = element('dd', {}, value);
  if (isId) description.append(copyButton(name, () => value.textContent ?? ''));
  return element('div', {}, element('dt', { text: name }), description);
}
