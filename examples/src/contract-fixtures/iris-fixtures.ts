/**
 * Real proofs of the iris model for the tests of the contracts, bound to a chain, a coprocessor,
 * requests and payees that these tests set up exactly so.
 *
 * Layout of the file. Words of 32 bytes, addresses and bytes are 0x texts, other numbers are numbers.
 *
 *   chainId, coprocessor     where the proofs are valid; forge's chain, an address chosen here
 *   timestamp                at which the requests may be made; their deadlines are later
 *   model                    what is registered
 *     owner, key (as storeKey takes it), keyHash, modelId,
 *     identity               { modelDigest, circuitDigest, transcriptHash (0: development),
 *                              inputSpec, outputSpec: { count, bits, words } }
 *     price                  in wei of the chain's currency
 *   verificationKey          the same key as snarkjs writes it
 *   requests[]               each with a proof of its own
 *     name                   what is special about it
 *     requester, requestId
 *     terms                  RequestTerms; inputHash filled in
 *     inputWords, inputSalt  what was proved; salt 0: may be given inline
 *     payee, binder
 *     signals                [outputHash, inputHash, binder]
 *     proof                  as `verify` takes it
 *     outputWords, outputSalt   that open the outputHash, whatever the delivery
 *     label                  the class with the highest logit
 *     proofJson              the same proof as snarkjs writes it
 *
 * The first two entries are of one request, with two payees.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  argmax,
  calculateWitness,
  modelDigest,
  networkToFiles,
  quantizeInputs,
} from '@zkinfer/circuits';
import {
  binder,
  COMMITMENT_KIND,
  circuitDigest,
  commitTensors,
  type PackedLayout,
  pack,
  SCALAR_FIELD_ORDER,
  wordCount,
} from '@zkinfer/core';
import { seededRandom } from '@zkinfer/core/testing';
import { chooseEngine, type ProvingEngine, prove } from '@zkinfer/prover';
import { modelFolder } from '../model-folder.ts';
import {
  encodeKey,
  encodeProof,
  keccak,
  type ModelIdentity,
  modelId,
  type RequestTerms,
  requestId,
  type TensorSpec,
  word,
} from './fixture-encoding.ts';
import { irisCircuit, type ProvableCircuit } from './iris-circuit.ts';

const CHAIN_ID = 31337;
const BLINDING_SEED = 20_260_102;
const TIMESTAMP = 1_000_000;
const ETHER = 10n ** 18n;
const PRICE = ETHER / 100n;
const NO_TOKEN = address('00');
const [COPROCESSOR, OWNER] = [address('c0'), address('0e')];
const [ALICE, BOB, CONSUMER] = [address('a1'), address('b0'), address('c5')];
const [WORKER, RIVAL] = [address('90'), address('91')];
const DELIVERY = { values: 0, commitment: 1 } as const;

/** Hides the inputs of the last two requests; a constant, since nothing here is secret. */
const SALT = 0x7a6b696e66657220697269732073616c74n;

/** What sets a request apart from the others. */
interface Plan {
  readonly name: string;
  readonly flower: string;
  readonly requester: string;
  readonly payee: string;
  readonly nonce: number;
  readonly inputSalt?: bigint;
  readonly delivery?: number;
  readonly callbackGasLimit?: number;
}

const PLANS: readonly Plan[] = [
  { name: 'open', flower: 'setosa', requester: ALICE, payee: WORKER, nonce: 0 },
  { name: 'open, of a rival', flower: 'setosa', requester: ALICE, payee: RIVAL, nonce: 0 },
  { name: 'open, another input', flower: 'versicolor', requester: ALICE, payee: WORKER, nonce: 1 },
  { name: 'open, another requester', flower: 'virginica', requester: BOB, payee: RIVAL, nonce: 0 },
  {
    ...{
      name: 'with a callback',
      flower: 'virginica',
      requester: CONSUMER,
      payee: WORKER,
      nonce: 0,
    },
    callbackGasLimit: 200_000,
  },
  {
    ...{ name: 'hidden', flower: 'versicolor', requester: BOB, payee: WORKER, nonce: 1 },
    inputSalt: SALT,
  },
  {
    ...{ name: 'hidden, committed', flower: 'setosa', requester: BOB, payee: WORKER, nonce: 2 },
    ...{ inputSalt: SALT + 1n, delivery: DELIVERY.commitment },
  },
];

/** Everything that proofs are made with. */
interface Workshop extends ProvableCircuit {
  readonly engine: ProvingEngine;
  readonly modelId: string;
  /** The next blinding scalar; fixed, so that the proofs can be made again. */
  readonly blind: () => bigint;
}

/** The file's contents; the same on every machine. */
export async function irisFixtures(): Promise<string> {
  const provable = await irisCircuit();
  const model = describeModel(provable);
  const engine = await chooseEngine();
  const random = seededRandom(BLINDING_SEED);
  const blind = () => random.bigint(SCALAR_FIELD_ORDER);
  const workshop = { ...provable, engine, modelId: model.modelId, blind };
  try {
    const requests: unknown[] = [];
    for (const plan of PLANS) requests.push(await proveRequest(workshop, plan));
    const { verificationKey } = provable.key;
    const where = { chainId: CHAIN_ID, coprocessor: COPROCESSOR, timestamp: TIMESTAMP };
    return `${JSON.stringify({ ...where, model, verificationKey, requests }, undefined, 1)}\n`;
  } finally {
    await engine.close();
  }
}

function describeModel({ circuit, key }: ProvableCircuit) {
  const encoded = encodeKey(key.verificationKey);
  const keyHash = keccak(encoded);
  const identity: ModelIdentity = {
    modelDigest: `0x${modelDigest(networkToFiles(circuit.network))}`,
    circuitDigest: `0x${circuitDigest(circuit)}`,
    transcriptHash: word(0n),
    inputSpec: specOf(circuit.inputLayouts),
    outputSpec: specOf(circuit.outputLayouts),
  };
  const id = modelId(OWNER, keyHash, identity);
  return { owner: OWNER, key: encoded, keyHash, modelId: id, identity, price: word(PRICE) };
}

async function proveRequest(workshop: Workshop, plan: Plan) {
  const { circuit, engine, key, blind } = workshop;
  const { name, requester, payee, inputSalt = 0n } = plan;
  const integers = await readFlower(workshop, plan.flower);
  const inputWords = pack(integers, circuit.inputLayouts);
  const inputHash = commitTensors(
    COMMITMENT_KIND.input,
    circuit.inputLayouts,
    inputWords,
    inputSalt,
  );
  const terms = termsOf(plan, workshop.modelId, inputHash);
  const request = requestId(CHAIN_ID, COPROCESSOR, requester, terms);
  const bound = binder({
    ...{ chainId: BigInt(CHAIN_ID), coprocessor: COPROCESSOR },
    ...{ requestId: request, modelId: workshop.modelId, payee },
  });
  const calculated = calculateWitness(circuit, { inputs: integers, inputSalt, binder: bound });
  const randomness = { r: blind(), s: blind() };
  const { proof } = await prove(engine, key, calculated.witness, { randomness });
  return {
    ...{ name, requester, requestId: request, terms },
    ...{ inputWords: inputWords.map(word), inputSalt: word(inputSalt) },
    ...{ payee, binder: word(bound), signals: calculated.publicSignals.map(word) },
    proof: encodeProof(proof),
    ...{
      outputWords: calculated.outputWords.map(word),
      outputSalt: word(calculated.outputSalt),
      label: argmax(calculated.outputs[0]!),
    },
    proofJson: proof,
  };
}

function termsOf(plan: Plan, model: string, inputHash: bigint): RequestTerms {
  const { requester, nonce, delivery = DELIVERY.values, callbackGasLimit = 0 } = plan;
  return {
    ...{ modelId: model, inputHash: word(inputHash), token: NO_TOKEN },
    ...{ modelPrice: word(PRICE), workerFee: word(PRICE / 5n), deadline: TIMESTAMP + 86_400 },
    ...{ delivery, callbackGasLimit, callbackGasPrice: callbackGasLimit === 0 ? 0 : 1_000_000_000 },
    ...{ refundAddress: requester, nonce },
  };
}

/** The integers that the network takes for the lengths of a flower in centimetres. */
async function readFlower({ circuit }: ProvableCircuit, flower: string) {
  const text = await readFile(join(modelFolder('iris-mlp'), `${flower}.json`), 'utf8');
  return quantizeInputs(circuit.network, [JSON.parse(text) as number[]]).integers;
}

function specOf(layouts: readonly PackedLayout[]): TensorSpec {
  const [bits, counts] = [layouts.map((layout) => layout.bits), layouts.map(({ count }) => count)];
  const count = counts.reduce((sum, each) => sum + each, 0);
  return { count, bits: Math.max(...bits), words: wordCount(layouts) };
}

/** An address that is easily told in traces: one byte, twenty times. */
function address(byte: string): string {
  return `0x${byte.repeat(20)}`;
}
