/** Keeps elements for a list that changes: each item's element stays, with focus and selection. */

/** How items become elements. */
export interface KeyedChildrenOptions<Item, Child extends HTMLElement> {
  readonly parent: HTMLElement;
  keyOf(item: Item): string;
  create(item: Item): Child;
  update(child: Child, item: Item): void;
}

/** The children of one parent, an element for each item. */
export class KeyedChildren<Item, Child extends HTMLElement> {
  readonly #options: KeyedChildrenOptions<Item, Child>;
  #children = new Map<string, Child>();

  constructor(options: KeyedChildrenOptions<Item, Child>) {
    this.#options = options;
  }

  /** Makes the children those of the items, in their order. Of items with one key the last counts. */
  show(items: readonly Item[]): void {
    const { parent, keyOf, create, update } = this.#options;
    const children = new Map<string, Child>();
    for (const item of items) {
      const key = keyOf(item);
      const child = children.get(key) ?? this.#children.get(key) ?? create(item);
      update(child, item);
      children.set(key, child);
    }
    for (const [key, child] of this.#children) if (!children.has(key)) child.remove();
    this.#children = children;
    placeInOrder(parent, [...children.values()]);
  }
}

/** Moves only what is not in its place: an element that is moved loses its focus. */
function placeInOrder(parent: HTMLElement, children: readonly HTMLElement[]): void {
  for (const [index, child] of children.entries()) {
    if (parent.children[index] !== child)
      parent.insertBefore(child, parent.children[index] ?? null);
  }
}
