/** What the compiler made of a contract, and contracts of ethers that know their methods. */
import { type BaseContract, Contract, type ContractRunner, type InterfaceAbi } from 'ethers';

/** Bytes of deployed code that the constructor fills in. */
export interface ImmutableReference {
  readonly start: number;
  readonly length: number;
}

/**
 * What calling a contract needs: its code stays out of what browsers load. The type parameters,
 * which the generated modules fill in, are what editors complete from: methods, and what events
 * carry.
 */
export interface ContractInterface<Methods = unknown, Events = unknown> {
  readonly name: string;
  readonly abi: InterfaceAbi;
  /** Never set: carries the types. */
  readonly types?: { methods: Methods; events: Events };
}

/** A compiled contract; `Arguments` are the constructor's. */
export interface ContractArtifact<
  Methods = unknown,
  Events = unknown,
  Arguments extends readonly unknown[] = readonly unknown[],
> extends ContractInterface<Methods, Events> {
  /** Creation code as 0x text; `0x` for an interface. */
  readonly bytecode: string;
  /** Deployed code with zeros in place of immutables. */
  readonly runtimeCode: string;
  readonly immutables: readonly ImmutableReference[];
  /** Never set: carries the types. */
  readonly types?: { methods: Methods; events: Events; arguments: Arguments };
}

/** A contract of ethers with the methods of an artifact. */
export type TypedContract<Methods> = BaseContract & Methods;

/**
 * A contract at an address.
 * @param runner a signer to send transactions, a provider to read
 */
export function connectContract<Methods>(
  artifact: ContractInterface<Methods, unknown>,
  address: string,
  runner: ContractRunner,
): TypedContract<Methods> {
  // The generated interface lists exactly the methods that ethers makes of the same ABI.
  return new Contract(address, artifact.abi, runner) as unknown as TypedContract<Methods>;
}
