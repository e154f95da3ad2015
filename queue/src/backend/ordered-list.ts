/**
 * A list kept in order. Inserting moves what comes after it, which for ten thousand references is a
 * few microseconds; a heap would have to search to delete.
 */
export class OrderedList<T> {
  /** Descending, so that taking the first is `pop`. */
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  /** @param compare negative when `a` comes first; zero for one and the same item alone */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The first item, which stays. */
  first(): T | undefined {
    return this.#items.at(-1);
  }

  /** The first item, taken out. */
  takeFirst(): T | undefined {
    return this.#items.pop();
  }

  insert(item: T): void {
    this.#items.splice(this.#positionOf(item), 0, item);
  }

  /** Whether it was there. */
  delete(item: T): boolean {
    const position = this.#positionOf(item);
    if (this.#items[position] !== item) return false;
    this.#items.splice(position, 1);
    return true;
  }

  /** How many items come after this one: its place in the descending list. */
  #positionOf(item: T): number {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#items[middle]!, item) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
