/** What a transaction that fulfils requests carries: the proofs, which no event repeats. */
import { Interface } from 'ethers';
import type { Delivered } from '../clients/coprocessor-client.ts';
import { InferenceCoprocessorInterface } from '../generated/inference-coprocessor.ts';
import type { Fulfilment } from '../generated/types.ts';
import { plainValue } from '../plain-result.ts';
import { decodeProof } from './encode-proof.ts';

const COPROCESSOR = new Interface(InferenceCoprocessorInterface.abi);

/**
 * The deliveries in the call data of `fulfill` or `fulfillBatch`; none in that of other calls, such
 * as those of a contract that fulfils in turn. That a delivery is in a transaction does not say
 * that the coprocessor took it.
 * @param data 0x text
 */
export function decodeFulfilments(data: string): Delivered[] {
  const call = parse(data);
  if (call === null || !['fulfill', 'fulfillBatch'].includes(call.name)) return [];
  const argument = plainValue(call.args[0], call.fragment.inputs[0]!);
  const items = (call.name === 'fulfill' ? [argument] : argument) as readonly Fulfilment[];
  return items.map((item) => ({ ...item, proof: decodeProof(item.proof) }));
}

/** Null also for call data that begins like one of these calls and is cut short. */
function parse(data: string) {
  try {
    return COPROCESSOR.parseTransaction({ data });
  } catch {
    return null;
  }
}
