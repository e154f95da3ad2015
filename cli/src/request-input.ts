/** The input of a request, opened: from an envelope, from a file of reals, or from the chain. */
import { type CompiledModel, inputLayoutsOf } from '@zkinfer/circuits';
import {
  COMMITMENT_KIND,
  commitTensors,
  decodeEnvelope,
  InputError,
  IntegrityError,
  OPEN_SALT,
  pack,
  unpack,
} from '@zkinfer/core';
import { parseSalt } from './parse-salt.ts';
import { prepareInputs } from './prepare-inputs.ts';
import { readText } from './read-file.ts';
import type { Session } from './session.ts';

/** Where the input is; at most one of envelope and input. */
export interface RequestInputOptions {
  readonly envelope?: string;
  readonly input?: string;
  readonly inputSalt?: string;
}

/** An input that opens a commitment. */
export interface OpenedInput {
  /** One array for each network input. */
  readonly integers: readonly Float64Array[];
  readonly inputSalt: bigint;
}

/**
 * Opens a request's inputHash.
 * @param inlineWords what the request carries itself
 * @throws InputError CLI_REQUEST_INPUT; IntegrityError CLI_REQUEST_INPUT_HASH, CLI_ENVELOPE_MODEL;
 *   CORE_WORD_*, CORE_JSON_* for a malformed envelope
 */
export async function openRequestInput(
  session: Session,
  model: CompiledModel,
  { inputHash, inlineWords }: { inputHash: bigint; inlineWords: readonly bigint[] },
  options: RequestInputOptions,
): Promise<OpenedInput> {
  const layouts = inputLayoutsOf(model.network);
  const { words, inputSalt } = await wordsOf(session, model, inlineWords, options);
  if (commitTensors(COMMITMENT_KIND.input, layouts, words, inputSalt) !== inputHash) {
    throw new IntegrityError({
      code: 'CLI_REQUEST_INPUT_HASH',
      what: 'this input, or its salt, is not what the request commits to',
      hint: 'Use the envelope that the requester wrote.',
    });
  }
  const integers = unpack(words, layouts).map((list) => Float64Array.from(list, Number));
  return { integers, inputSalt };
}

async function wordsOf(
  { output }: Session,
  model: CompiledModel,
  inlineWords: readonly bigint[],
  { envelope, input, inputSalt }: RequestInputOptions,
): Promise<{ words: readonly bigint[]; inputSalt: bigint }> {
  if (envelope !== undefined && input !== undefined) throw inputError('both are given');
  if (envelope !== undefined) return readEnvelope(model, envelope);
  if (input !== undefined) {
    const { integers } = await prepareInputs(model.network, input, { strict: false, output });
    const words = pack(integers, inputLayoutsOf(model.network));
    return { words, inputSalt: await parseSalt(inputSalt ?? '0') };
  }
  if (inlineWords.length === 0) throw inputError('neither is given, and the chain has no words');
  return { words: inlineWords, inputSalt: OPEN_SALT };
}

async function readEnvelope({ directory }: CompiledModel, path: string) {
  const envelope = decodeEnvelope(await readText(path));
  const { modelDigest } = directory.manifest;
  if (envelope.modelDigest === modelDigest) return envelope;
  throw new IntegrityError({
    code: 'CLI_ENVELOPE_MODEL',
    what: `${path} is for another model`,
    got: envelope.modelDigest,
    expected: modelDigest,
  });
}

function inputError(got: string): InputError {
  return new InputError({
    code: 'CLI_REQUEST_INPUT',
    what: 'the request’s input must be opened',
    got,
    expected: 'one of --envelope FILE and --input FILE (with --input-salt @FILE, if salted)',
  });
}
