/**
 * Revert data to typed errors. Contracts pass on what the contracts that they call revert with, so
 * the custom errors of all are known together.
 */
import { AbiCoder, dataSlice, type ErrorFragment, Interface } from 'ethers';
import { DEPLOYED_INTERFACES } from '../deployment/deployed-artifacts.ts';
import { plainStruct } from '../plain-result.ts';
import { type Revert, RevertError } from './revert-error.ts';
import { REVERT_TEXTS, type RevertText } from './revert-texts.ts';

/** `Error(string)` and `Panic(uint256)`, which Solidity itself reverts with. */
const ERROR_SELECTOR = '0x08c379a0';
const PANIC_SELECTOR = '0x4e487b71';

/**
 * Names what revert data says; undefined for an error that no contract here declares.
 * @param data 0x text
 */
export function decodeRevert(data: string): Revert | undefined {
  if (data === '0x') return undefined;
  const selector = data.slice(0, 10);
  const fragment = ERRORS.get(selector);
  try {
    if (selector === ERROR_SELECTOR) return { name: 'Error', args: textArgument(data, 'string') };
    if (selector === PANIC_SELECTOR) return { name: 'Panic', args: textArgument(data, 'uint256') };
    if (fragment === undefined) return undefined;
    const values = AbiCoder.defaultAbiCoder().decode(fragment.inputs, dataSlice(data, 4));
    return { name: fragment.name, args: plainStruct(values, fragment.inputs) };
  } catch {
    // Foreign data that begins like an error of ours.
    return undefined;
  }
}

/** The error that revert data stands for; always one with a code. */
export function revertErrorOf(data: string, cause?: unknown): RevertError {
  const revert = decodeRevert(data) ?? { name: 'UnknownRevert', args: { data } };
  const { what, got, expected, hint } = textOf(revert);
  return new RevertError(
    {
      code: `CONTRACTS_${upperSnake(revert.name)}`,
      what,
      ...(got === undefined ? {} : { got }),
      ...(expected === undefined ? {} : { expected }),
      ...(hint === undefined ? {} : { hint }),
      ...(cause === undefined ? {} : { cause }),
    },
    revert,
  );
}

function textOf({ name, args }: Revert): RevertText {
  const text = REVERT_TEXTS[name];
  if (text !== undefined) return text(args);
  const list = Object.entries(args).map(([key, value]) => `${key} ${value}`);
  return {
    what: `the contract reverted with ${name}`,
    ...(list.length === 0 ? {} : { got: list.join(', ') }),
  };
}

function textArgument(data: string, type: string): Revert['args'] {
  const [value] = AbiCoder.defaultAbiCoder().decode([type], dataSlice(data, 4));
  return { reason: value };
}

function upperSnake(name: string): string {
  return name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase();
}

/** All custom errors by selector. */
const ERRORS: ReadonlyMap<string, ErrorFragment> = new Map(
  Object.values(DEPLOYED_INTERFACES).flatMap(({ abi }) => {
    const errors: [string, ErrorFragment][] = [];
    new Interface(abi).forEachError((error) => errors.push([error.selector, error]));
    return errors;
  }),
);
