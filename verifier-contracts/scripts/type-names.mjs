/** TypeScript types for Solidity's. Integers of every width are bigint, as ethers gives them. */

/** Knows the structs and enumerations that have names of their own. */
export class TypeNames {
  #names = new Map();

  /** @param definitions of solc's syntax tree: names used twice are told apart by their contracts */
  constructor(definitions) {
    const simple = definitions.map(({ name }) => name);
    for (const { name, canonicalName } of definitions) {
      const isUnique = simple.indexOf(name) === simple.lastIndexOf(name);
      this.#names.set(canonicalName, isUnique ? name : canonicalName.replaceAll('.', ''));
    }
  }

  /** All names, sorted. */
  get all() {
    return [...this.#names.values()].sort();
  }

  /** The name of a definition. */
  nameOf({ canonicalName }) {
    return this.#names.get(canonicalName);
  }

  /** The type of an ABI parameter. */
  of({ type, internalType, components }) {
    const { base, suffix } = withoutArrays(type);
    const named = this.#names.get(withoutArrays(internalType).base.replace(/^(struct|enum) /, ''));
    if (named !== undefined) return withArrays(named, suffix);
    if (base !== 'tuple') return withArrays(primitive(base), suffix);
    return withArrays(`[${components.map((item) => this.of(item)).join(', ')}]`, suffix);
  }

  /** The type of a struct's member, by solc's name for it. */
  ofSolidity(text) {
    const { base, suffix } = withoutArrays(text);
    const named = this.#names.get(base.replace(/^(struct|enum) /, ''));
    return withArrays(named ?? primitive(base), suffix);
  }

  /** A list of arguments, labelled so that editors show their names. */
  ofArguments(inputs) {
    const labelled = inputs.map(
      (input, i) => `${input.name === '' ? `argument${i}` : input.name}: ${this.of(input)}`,
    );
    return `[${labelled.join(', ')}]`;
  }

  /** What a method gives: nothing, one value, an object, or a list where values have no names. */
  ofResults(outputs) {
    if (outputs.length === 0) return 'void';
    if (outputs.length === 1) return this.of(outputs[0]);
    if (outputs.some(({ name }) => name === '')) {
      return `readonly [${outputs.map((output) => this.of(output)).join(', ')}]`;
    }
    return `{ ${outputs.map((output) => `readonly ${output.name}: ${this.of(output)}`).join('; ')} }`;
  }
}

function withoutArrays(type) {
  const suffix = /(\[\d*\])+$/.exec(type)?.[0] ?? '';
  return { base: type.slice(0, type.length - suffix.length), suffix };
}

function withArrays(element, suffix) {
  return [...suffix.matchAll(/\[(\d*)\]/g)].reduce((type, [, length]) => {
    if (length === '') return `readonly ${type.includes(' ') ? `(${type})` : type}[]`;
    return `readonly [${new Array(Number(length)).fill(type).join(', ')}]`;
  }, element);
}

function primitive(base) {
  if (/^u?int\d*$/.test(base)) return 'bigint';
  if (base === 'bool') return 'boolean';
  if (/^(string|address|address payable|bytes\d*)$/.test(base)) return 'string';
  if (base.startsWith('contract ')) return 'string';
  throw new Error(`no TypeScript type for ${base}`);
}
