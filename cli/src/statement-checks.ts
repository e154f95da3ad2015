/** Whether what someone claims about a proof is what its public signals commit to. */
import {
  inputLayoutsOf,
  type Network,
  outputLayoutsOf,
  quantizeInputs,
  readOutputs,
} from '@zkinfer/circuits';
import {
  COMMITMENT_KIND,
  commitTensors,
  InputError,
  IntegrityError,
  type Opening,
  outputSalt,
  type PublicSignals,
  pack,
  parseJson,
  readArray,
  readRecord,
} from '@zkinfer/core';
import { outputsAsJson } from './output-reading.ts';

/** One question and its answer; `reason` says why it is no. */
export interface Check {
  readonly question: string;
  readonly passed: boolean;
  readonly reason?: string;
}

/**
 * Whether an opening opens both commitments. @throws InputError CORE_WORD_* for words that cannot
 * be this model's
 */
export function checkOpening(network: Network, signals: PublicSignals, opening: Opening): Check[] {
  const { inputWords, outputWords, inputSalt } = opening;
  const { input, output } = COMMITMENT_KIND;
  const inputHash = commitTensors(input, inputLayoutsOf(network), inputWords, inputSalt);
  const layouts = outputLayoutsOf(network);
  const outputHash = commitTensors(output, layouts, outputWords, opening.outputSalt);
  return [
    check('opening.json opens the input’s hash', inputHash === signals.inputHash),
    check('opening.json opens the output’s hash', outputHash === signals.outputHash),
  ];
}

/** Whether the proof is about these reals. @throws InputError as `quantizeInputs` */
export function checkInput(
  network: Network,
  signals: PublicSignals,
  reals: readonly ArrayLike<number>[],
  inputSalt: bigint,
): Check {
  const { integers } = quantizeInputs(network, reals);
  const layouts = inputLayoutsOf(network);
  const hash = commitTensors(COMMITMENT_KIND.input, layouts, pack(integers, layouts), inputSalt);
  return check('the proof is about this input', hash === signals.inputHash, SALT_REASON);
}

/**
 * Whether the proof is about the integers of an `output.json`, and all else that the file says
 * follows from them: reals, classes and labels are what people read.
 * @throws InputError CLI_OUTPUT_FILE, CORE_PACK_*; IntegrityError CLI_OUTPUT_MODEL
 */
export function checkOutput(
  network: Network,
  signals: PublicSignals,
  outputText: string,
  modelDigest: string,
  inputSalt: bigint,
): Check {
  const question = 'the proof is about this output';
  const outputs = outputsOfFile(outputText, modelDigest);
  const integers = outputs.map(integersOf);
  const layouts = outputLayoutsOf(network);
  const words = pack(integers, layouts);
  const hash = commitTensors(COMMITMENT_KIND.output, layouts, words, outputSalt(inputSalt));
  if (hash !== signals.outputHash) return check(question, false, SALT_REASON);
  const arrays = integers.map((values) => BigInt64Array.from(values));
  const readings = readArray(outputsAsJson(readOutputs(network, arrays)), 'readings');
  const isRead = outputs.every((output, i) => agrees(output, readRecord(readings[i], 'reading')));
  return check(question, isRead, READING_REASON);
}

/** Whether the proof is bound to this binder. */
export function checkBinder(signals: PublicSignals, binder: bigint): Check {
  return check('the proof is bound to this binder', signals.binder === binder);
}

const SALT_REASON = 'other values, or another salt than the one given (--opening)';

const READING_REASON = 'its integers are, but not what it says that they mean';

/** A check; `reason` is kept for a no. */
export function check(question: string, passed: boolean, reason?: string): Check {
  return passed || reason === undefined ? { question, passed } : { question, passed, reason };
}

function outputsOfFile(text: string, expected: string): Record<string, unknown>[] {
  const { outputs, modelDigest } = readRecord(parseJson(text, 'output'), 'output');
  if (modelDigest !== undefined && modelDigest !== expected) {
    throw new IntegrityError({
      code: 'CLI_OUTPUT_MODEL',
      what: 'the output file belongs to another model',
      got: String(modelDigest),
      expected,
    });
  }
  return readArray(outputs, 'output.outputs').map((output, i) =>
    readRecord(output, `output.outputs[${i}]`),
  );
}

function integersOf(output: Record<string, unknown>, i: number): bigint[] {
  const path = `output.outputs[${i}].integers`;
  return readArray(output.integers, path).map((integer) => {
    if (typeof integer === 'string' && /^-?\d{1,40}$/.test(integer)) return BigInt(integer);
    throw new InputError({
      code: 'CLI_OUTPUT_FILE',
      what: `${path} holds something else`,
      expected: 'integers as decimal strings, as `zkinfer prove` writes them',
    });
  });
}

/** Whether everything in `given` is in `reading` too; a claim may leave things out. */
function agrees(given: Record<string, unknown>, reading: Record<string, unknown>): boolean {
  return Object.keys(given).every((key) => rounded(given[key]) === rounded(reading[key]));
}

/** Exponentials differ in their last digits between machines. */
function rounded(value: unknown): string {
  return JSON.stringify([value], (_key, item: unknown) =>
    typeof item === 'number' ? item.toPrecision(10) : item,
  );
}
