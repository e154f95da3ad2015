/** Calls as transactions carry them, for those who send them by themselves. */
import { type BaseContractMethod, Interface } from 'ethers';
import type { ContractInterface } from '../contract-artifact.ts';

/** The arguments of a method, from the generated interfaces. */
export type CallArguments<Method> =
  Method extends BaseContractMethod<infer Arguments, infer _Result, infer _Sent>
    ? Arguments
    : never;

/** What a consumer is called back with. Source: IInferenceConsumer.sol. */
export interface CallbackArguments {
  readonly requestId: string;
  readonly modelId: string;
  readonly outputHash: bigint;
  /** The packed output (Values), else empty. */
  readonly outputWords: readonly bigint[];
}

const CONSUMER = new Interface([
  'function onInference(bytes32 requestId, bytes32 modelId, uint256 outputHash, uint256[] outputWords)',
]);

/** The data of a call of a contract, 0x text. */
export function encodeCall<Methods, Name extends keyof Methods & string>(
  artifact: ContractInterface<Methods, unknown>,
  method: Name,
  args: CallArguments<Methods[Name]>,
): string {
  return interfaceOf(artifact).encodeFunctionData(method, args);
}

/** The data of the coprocessor's call of a consumer, 0x text. */
export function encodeCallback(args: CallbackArguments): string {
  const { requestId, modelId, outputHash, outputWords } = args;
  return CONSUMER.encodeFunctionData('onInference', [requestId, modelId, outputHash, outputWords]);
}

/** Parsing an ABI takes milliseconds. */
const INTERFACES = new WeakMap<ContractInterface, Interface>();

function interfaceOf(artifact: ContractInterface<unknown, unknown>): Interface {
  const known = INTERFACES.get(artifact);
  if (known !== undefined) return known;
  const parsed = new Interface(artifact.abi);
  INTERFACES.set(artifact, parsed);
  return parsed;
}
