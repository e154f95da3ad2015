import { InputError } from '../errors.ts';

/**
 * The text of a `.sym` file: one line `label,wire,component,name` for each wire but the constant
 * (source: circom's output, read by `snarkjs r1cs print`). Label and wire are the same number here;
 * all wires belong to component 0.
 * @param names the name of each wire, index 0 (the constant) unused
 * @throws InputError CORE_SYM_NAME for a name that would break the line apart
 */
export function writeSym(names: readonly string[]): string {
  return names
    .slice(1)
    .map((name, index) => {
      if (!/^[^,\s]+$/.test(name)) {
        throw new InputError({
          code: 'CORE_SYM_NAME',
          what: `the name of wire ${index + 1} cannot stand in a .sym file`,
          got: JSON.stringify(name),
          expected: 'no comma and no white space, at least one character',
        });
      }
      return `${index + 1},${index + 1},0,${name}\n`;
    })
    .join('');
}
