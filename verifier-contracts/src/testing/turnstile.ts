/** A consumer whose callback reverts until someone unlocks it. */
import type { BaseContract, Signer } from 'ethers';
import { connectContract } from '../contract-artifact.ts';
import { deployContract } from '../deployment/deploy-contract.ts';
import { compileSolidity } from './compile-solidity.ts';

const SOURCE = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
import {InferenceConsumer} from "./contracts/InferenceConsumer.sol";
import {IInferenceCoprocessor} from "./contracts/interfaces/IInferenceCoprocessor.sol";
contract Turnstile is InferenceConsumer {
    bool public isUnlocked;
    uint256 public answer;
    error Locked();
    constructor(IInferenceCoprocessor coprocessor) InferenceConsumer(coprocessor) {}
    function ask(
        IInferenceCoprocessor.RequestTerms calldata terms,
        IInferenceCoprocessor.InputSource calldata input
    ) external payable { _request(terms, input, msg.value); }
    function unlock() external { isUnlocked = true; }
    function _onInference(bytes32, bytes32, uint256, uint256[] calldata words) internal override {
        if (!isUnlocked) revert Locked();
        answer = words[0];
    }
}`;

/** Deploys one: `ask(terms, input)`, `unlock()`, `answer()`; reverts with `Locked()`. */
export async function deployTurnstile(coprocessor: string, signer: Signer): Promise<BaseContract> {
  const artifact = compileSolidity(SOURCE, 'turnstile.sol').Turnstile!;
  const { address } = await deployContract(artifact, signer, [coprocessor]);
  return connectContract(artifact, address, signer);
}
