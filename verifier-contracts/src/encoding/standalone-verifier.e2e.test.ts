import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCALAR_FIELD_ORDER as r } from '@zkinfer/core';
import { Contract, type Signer } from 'ethers';
import { deployContract } from '../deployment/deploy-contract.ts';
import { LocalChain } from '../node/local-chain.ts';
import { compileSolidity } from '../testing/compile-solidity.ts';
import { SimulatedProver } from '../testing/simulated-prover.ts';
import { encodeProof } from './encode-proof.ts';
import { standaloneVerifier } from './standalone-verifier.ts';

/** Inherits the verifier and goes on after asking it, which snarkjs's template does not let it. */
const HEIR = `
contract Heir is InferenceVerifier {
    uint256 public asked;
    function ask(uint256[2] calldata a, uint256[2][2] calldata b, uint256[2] calldata c, uint256[3] calldata s) external {
        bool valid = verifyProof(a, b, c, s);
        asked += 1;
        require(valid, "not valid");
    }
}`;

const SIGNALS = [1n, 2n, r - 1n];

let chain: LocalChain;
let prover: SimulatedProver;
let verifier: Contract;
let heir: Contract;

before(async () => {
  chain = await LocalChain.start();
  prover = await SimulatedProver.place(chain.provider);
  const compiled = compileSolidity(standaloneVerifier(prover.key) + HEIR);
  verifier = await deploy('InferenceVerifier', chain.signer(0));
  heir = await deploy('Heir', chain.signer(0));

  async function deploy(name: string, signer: Signer): Promise<Contract> {
    const { address } = await deployContract(compiled[name]!, signer, []);
    return new Contract(address, compiled[name]!.abi, signer);
  }
});
after(() => chain?.stop());

/** The arguments of verifyProof for a proof's eight words. */
function argumentsOf(words: readonly bigint[], signals: readonly bigint[] = SIGNALS) {
  const [ax, ay, b0, b1, b2, b3, cx, cy] = words;
  return [
    [ax, ay],
    [
      [b0, b1],
      [b2, b3],
    ],
    [cx, cy],
    signals,
  ];
}

async function words(): Promise<bigint[]> {
  return [...encodeProof(await prover.prove(SIGNALS))];
}

function refuses(action: Promise<unknown>, name: string): Promise<void> {
  return assert.rejects(action, (error: { revert?: { name: string } | null }) => {
    assert.equal(error.revert?.name, name);
    return true;
  });
}

test('a proof of the signals holds, of any other it does not', async () => {
  const proof = await words();
  assert.equal(await verifier.verifyProof!(...argumentsOf(proof)), true);
  for (let i = 0; i < SIGNALS.length; i++) {
    const others = SIGNALS.map((signal, j) => (i === j ? (signal + 1n) % r : signal));
    assert.equal(await verifier.verifyProof!(...argumentsOf(proof, others)), false);
  }
});

test('aliases of signals and malformed points revert with their own errors', async () => {
  const proof = await words();
  const alias = SIGNALS.map((signal, i) => (i === 0 ? signal + r : signal));
  await refuses(verifier.verifyProof!(...argumentsOf(proof, alias)), 'SignalRange');
  for (let i = 0; i < 8; i++) {
    const beyond = proof.map((word, j) => (i === j ? 2n ** 256n - 1n : word));
    await refuses(verifier.verifyProof!(...argumentsOf(beyond)), 'ProofCoordinate');
    const off = proof.map((word, j) => (i === j ? word + 1n : word));
    await refuses(verifier.verifyProof!(...argumentsOf(off)), 'ProofPoint');
  }
});

test('too little gas is never taken for a wrong proof', async () => {
  const args = argumentsOf(await words());
  for (let gasLimit = 40_000n; gasLimit <= 400_000n; gasLimit += 10_000n) {
    const answer = await verifier.verifyProof!(...args, { gasLimit }).catch(() => 'reverted');
    assert.notEqual(answer, false, `${gasLimit}`);
    if (gasLimit < 200_000n) assert.equal(answer, 'reverted', `${gasLimit}`);
  }
});

test('a contract that inherits it goes on after the answer', async () => {
  const proof = await words();
  await (await heir.ask!(...argumentsOf(proof))).wait();
  assert.equal(await heir.asked!(), 1n);
  await assert.rejects(heir.ask!(...argumentsOf(proof, [1n, 2n, 3n])), /not valid/);
});

test('a name that Solidity does not take is refused', () => {
  for (const contractName of ['', '1st', 'a b', 'x {} contract y']) {
    assert.throws(() => standaloneVerifier(prover.key, { contractName }), {
      code: 'CONTRACTS_CONTRACT_NAME',
    });
  }
});

test('a note cannot leave its comment', () => {
  const source = standaloneVerifier(prover.key, { notes: ['first\ncontract Evil {}'] });
  assert.match(source, /^\/\/\/ @dev first contract Evil \{\}$/m);
});
