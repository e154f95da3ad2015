import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { binder, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { type BaseContract, getAddress } from 'ethers';
import { connectContract, type TypedContract } from '../contract-artifact.ts';
import { deployAll } from '../deployment/deploy-all.ts';
import { deployContract } from '../deployment/deploy-contract.ts';
import { onChain } from '../errors/translate-error.ts';
import { Poseidon, type PoseidonMethods } from '../generated/poseidon.ts';
import type { TensorSpec } from '../generated/types.ts';
import { LocalChain } from '../node/local-chain.ts';
import { compileSolidity } from '../testing/compile-solidity.ts';

/** The library's functions in a contract of their own, over the Poseidon that was deployed. */
const STATEMENT = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
import {IModelRegistry} from "./contracts/interfaces/IModelRegistry.sol";
import {IPoseidon} from "./contracts/interfaces/IPoseidon.sol";
import {Statement} from "./contracts/libraries/Statement.sol";
contract StatementView {
    IPoseidon private immutable _hasher;
    constructor(IPoseidon hasher) { _hasher = hasher; }
    function commit(uint256 kind, IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        external view returns (uint256)
    { return Statement.commit(_hasher, kind, spec, words, salt); }
    function outputSalt(uint256 inputSalt) external view returns (uint256)
    { return Statement.outputSalt(_hasher, inputSalt); }
    function pack(IModelRegistry.TensorSpec memory spec, uint256[] memory elements)
        external pure returns (uint256[] memory)
    { return Statement.pack(spec, elements); }
    function binder(uint256 chainId, address coprocessor, bytes32 request, bytes32 model, address payee)
        external pure returns (uint256)
    { return Statement.binder(chainId, coprocessor, request, model, payee); }
}`;

/** As core's `statementVectors` writes them: integers above 2^53 are decimal strings. */
interface Vectors {
  readonly commit: readonly CommitVector[];
  readonly outputSalt: readonly { readonly inputSalt: string; readonly outputSalt: string }[];
  readonly pack: readonly PackVector[];
  readonly binder: readonly BinderVector[];
}

interface CommitVector {
  readonly kind: number;
  readonly bits: number;
  readonly count: number;
  readonly words: readonly string[];
  readonly salt: string;
  readonly digest: string;
}

interface PackVector {
  readonly layouts: readonly {
    readonly lo: string;
    readonly bits: number;
    readonly count: number;
  }[];
  readonly tensors: readonly (readonly string[])[];
  readonly words: readonly string[];
}

interface BinderVector {
  readonly chainId: string;
  readonly coprocessor: string;
  readonly requestId: string;
  readonly modelId: string;
  readonly payee: string;
  readonly binder: string;
}

const FILE = new URL('../../../core/src/statement/statement.vectors.json', import.meta.url);
const vectors: Vectors = JSON.parse(readFileSync(FILE, 'utf8'));

/** Words that contracts commit to. */
const MOST_WORDS = 3;

let chain: LocalChain;
let poseidon: TypedContract<PoseidonMethods>;
let statement: BaseContract;
before(async () => {
  chain = await LocalChain.start();
  const { contracts } = await deployAll(chain.signer(0));
  poseidon = connectContract(Poseidon, contracts.Poseidon.address, chain.provider);
  const artifact = compileSolidity(STATEMENT, 'statement-view.sol').StatementView!;
  const { address } = await deployContract(artifact, chain.signer(0), [contracts.Poseidon.address]);
  statement = connectContract(artifact, address, chain.provider);
});
after(() => chain?.stop());

function call(method: string, ...args: unknown[]): Promise<unknown> {
  return onChain(() => statement.getFunction(method)(...args));
}

function specOf({
  count,
  bits,
  words,
}: Pick<CommitVector, 'count' | 'bits' | 'words'>): TensorSpec {
  return { count: BigInt(count), bits: BigInt(bits), words: BigInt(words.length) };
}

/** Whether so many elements can fill so many words; one vector tries the header's limit instead. */
function isFillable({ count, words }: CommitVector): boolean {
  return count <= 253 * words.length;
}

function commit(vector: CommitVector): Promise<unknown> {
  return call('commit', vector.kind, specOf(vector), vector.words, vector.salt);
}

test('commitments of up to three words are those of core', async () => {
  const small = vectors.commit.filter((vector) => vector.words.length <= MOST_WORDS);
  for (const vector of small.filter(isFillable)) {
    assert.equal(await commit(vector), BigInt(vector.digest));
    const salt = (BigInt(vector.salt) + 1n).toString();
    assert.notEqual(await commit({ ...vector, salt }), BigInt(vector.digest));
  }
  const [limit, ...others] = small.filter((vector) => !isFillable(vector));
  assert.deepEqual([small.length, others.length], [5, 0], 'one and two words twice, three once');
  await assert.rejects(commit(limit!), { code: 'CONTRACTS_STATEMENT_SPEC' });
});

test('the deployed Poseidon hashes each of them, the header’s limit included', async () => {
  for (const { kind, bits, count, words, salt, digest } of vectors.commit) {
    const header = BigInt(kind) + (BigInt(bits) << 8n) + (BigInt(count) << 16n);
    const items = [header, ...words.map(BigInt), BigInt(salt)];
    const hash = () => onChain(() => poseidon.hash(items));
    if (words.length <= MOST_WORDS) assert.equal(await hash(), BigInt(digest));
    else await assert.rejects(hash(), { code: 'CONTRACTS_POSEIDON_ARITY' });
  }
});

test('more words, and words or salts above the field, are refused', async () => {
  const large = vectors.commit.filter((vector) => vector.words.length > MOST_WORDS);
  assert.ok(large.length > 0);
  for (const vector of large) {
    await assert.rejects(commit(vector), { code: 'CONTRACTS_STATEMENT_TOO_MANY_WORDS' });
  }
  const [vector] = vectors.commit;
  const alias = (text: string) => (BigInt(text) + SCALAR_FIELD_ORDER).toString();
  const words = vector!.words.map(alias);
  await assert.rejects(commit({ ...vector!, words }), { code: 'CONTRACTS_STATEMENT_WORD_RANGE' });
  const salt = alias(vector!.salt);
  await assert.rejects(commit({ ...vector!, salt }), { code: 'CONTRACTS_STATEMENT_SALT_RANGE' });
});

test('salts of outputs are those of core', async () => {
  for (const { inputSalt, outputSalt } of vectors.outputSalt) {
    assert.equal(await call('outputSalt', inputSalt), BigInt(outputSalt));
  }
  await assert.rejects(call('outputSalt', SCALAR_FIELD_ORDER), {
    code: 'CONTRACTS_STATEMENT_SALT_RANGE',
  });
});

test('single tensors are packed as by core', async () => {
  const single = vectors.pack.filter(({ layouts }) => layouts.length === 1);
  assert.ok(single.length > 0);
  for (const { layouts, tensors, words } of single) {
    const { lo, bits, count } = layouts[0]!;
    const elements = tensors[0]!.map((element) => BigInt(element) - BigInt(lo));
    const packed = await call('pack', specOf({ count, bits, words }), elements);
    assert.deepEqual([...(packed as bigint[])], words.map(BigInt));
  }
});

test('binders are those of core', async () => {
  for (const {
    chainId,
    coprocessor,
    requestId,
    modelId,
    payee,
    binder: expected,
  } of vectors.binder) {
    const got = await call('binder', chainId, coprocessor, requestId, modelId, payee);
    assert.equal(got, BigInt(expected));
    const terms = { chainId: BigInt(chainId), coprocessor, requestId, modelId, payee };
    assert.equal(binder({ ...terms, payee: getAddress(payee) }), BigInt(expected));
  }
});
