/** Whether what someone claims about a proof is what its public signals commit to. */
import { inputLayoutsOf, type Network, outputLayoutsOf, quantizeInputs } from '@zkinfer/circuits';
import {
  COMMITMENT_KIND,
  commitTensors,
  InputError,
  type Opening,
  outputSalt,
  type PublicSignals,
  pack,
  parseJson,
  readArray,
  readRecord,
} from '@zkinfer/core';

/** One question and its answer; `reason` says why it is no. */
export interface Check {
  readonly question: string;
  readonly passed: boolean;
  readonly reason?: string;
}

/** Whether an opening opens both commitments. @throws InputError CORE_WORD_* for words that cannot be this model's */
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

/** Whether the proof is about the integers of an `output.json`. @throws InputError CLI_OUTPUT_FILE, CORE_PACK_* */
export function checkOutput(
  network: Network,
  signals: PublicSignals,
  outputText: string,
  inputSalt: bigint,
): Check {
  const layouts = outputLayoutsOf(network);
  const words = pack(outputIntegers(outputText), layouts);
  const hash = commitTensors(COMMITMENT_KIND.output, layouts, words, outputSalt(inputSalt));
  return check('the proof is about this output', hash === signals.outputHash, SALT_REASON);
}

/** Whether the proof is bound to this binder. */
export function checkBinder(signals: PublicSignals, binder: bigint): Check {
  return check('the proof is bound to this binder', signals.binder === binder);
}

const SALT_REASON = 'other values, or another salt than the one given (--opening)';

/** A check; `reason` is kept for a no. */
export function check(question: string, passed: boolean, reason?: string): Check {
  return passed || reason === undefined ? { question, passed } : { question, passed, reason };
}

function outputIntegers(text: string): bigint[][] {
  const { outputs } = readRecord(parseJson(text, 'output'), 'output');
  return readArray(outputs, 'output.outputs').map((output, i) => {
    const path = `output.outputs[${i}].integers`;
    return readArray(readRecord(output, path).integers, path).map((integer) => {
      if (typeof integer === 'string' && /^-?\d{1,40}$/.test(integer)) return BigInt(integer);
      throw new InputError({
        code: 'CLI_OUTPUT_FILE',
        what: `${path} holds something else`,
        expected: 'integers as decimal strings, as `zkinfer prove` writes them',
      });
    });
  });
}
