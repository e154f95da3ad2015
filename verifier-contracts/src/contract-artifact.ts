/** What the compiler made of a contract, and contracts of ethers that know their methods. */
import { type BaseContract, Contract, type ContractRunner, type InterfaceAbi } from 'ethers';

/** Bytes of deployed code that the constructor fills in. */
export interface ImmutableReference {
  readonly start: number;
  readonly length: number;
}

/**
 * A compiled contract. The type parameters, which the generated modules fill in, are what editors
 * complete from: methods, what events carry, and the constructor's arguments.
 */
export interface ContractArtifact<
  Methods = unknown,
  Events = unknown,
  Arguments extends readonly unknown[] = readonly unknown[],
> {
  readonly name: string;
  readonly abi: InterfaceAbi;
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
  artifact: ContractArtifact<Methods, unknown>,
  address: string,
  runner: ContractRunner,
): TypedContract<Methods> {
  // The generated interface lists exactly the methods that ethers makes of the same ABI.
  return new Contract(address, artifact.abi, runner) as unknown as TypedContract<Methods>;
}
