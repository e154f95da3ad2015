import { openCompiledModel, outputLayoutsOf, readOutputs } from '@zkinfer/circuits';
import { IntegrityError, unpack } from '@zkinfer/core';
import {
  CallbackStatus,
  type CoprocessorClient,
  Delivery,
  formatAmount,
  type Request,
  RequestStatus,
  tokenUnits,
} from '@zkinfer/verifier-contracts';
import type { Command } from 'commander';
import { addChainOptions, type ChainOptions, clientsOf, openChain } from '../chain-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatTime } from '../format-quantity.ts';
import { hash32Option } from '../option-parsers.ts';
import { outputsAsJson, renderOutputs } from '../output-reading.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

interface StatusCommandOptions extends ChainOptions {
  readonly model?: string;
}

/** Arguments, options and action of `zkinfer status`. */
export function defineStatusVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<request-id>', 'as `request` printed it', hash32Option)
    .option('--model <dir>', 'compiled directory, to read the output words as reals and labels');
  addChainOptions(command)
    .addHelpText('after', '\nExample:\n  npx zkinfer status 0x… --model artifacts/iris-mlp')
    .action((requestId: string, options: StatusCommandOptions) =>
      runVerb((session) => status(session, requestId, options)),
    );
}

async function status(
  { output }: Session,
  requestId: string,
  options: StatusCommandOptions,
): Promise<ExitCode> {
  const { provider, deployment } = await openChain(options);
  const { coprocessor, registry } = clientsOf(deployment, provider);
  const request = await coprocessor.status(requestId);
  const units = await tokenUnits(request.token, provider);
  const { modelDigest } = (await registry.model(request.modelId)).identity;
  const words = await deliveredWords(coprocessor, requestId, request);
  const readings =
    options.model === undefined || words === undefined
      ? undefined
      : await readWords(options.model, modelDigest, words);
  const deadline = await coprocessor.effectiveDeadline(requestId);
  const text = renderFacts([
    ['request', requestId],
    ['status', nameOf(RequestStatus, request.status)],
    ['model', request.modelId],
    ['requester', request.requester],
    ['price', formatAmount(request.modelPrice, units)],
    ['worker fee', formatAmount(request.workerFee, units)],
    ['asked', formatTime(request.createdAt)],
    ['deadline', formatTime(deadline)],
    ...fulfilmentFacts(request, words),
  ]);
  output.result(readings === undefined ? text : `${text}\n\n${renderOutputs(readings)}`, {
    requestId,
    ...request,
    status: nameOf(RequestStatus, request.status),
    callbackStatus: nameOf(CallbackStatus, request.callbackStatus),
    delivery: nameOf(Delivery, request.delivery),
    effectiveDeadline: deadline,
    outputWords: words === undefined ? undefined : [...words],
    outputs: readings === undefined ? undefined : outputsAsJson(readings),
  });
  return EXIT.done;
}

async function deliveredWords(
  coprocessor: CoprocessorClient,
  requestId: string,
  request: Request,
): Promise<readonly bigint[] | undefined> {
  if (request.status !== RequestStatus.Fulfilled) return undefined;
  if (request.delivery !== Delivery.Values) return undefined;
  return (await coprocessor.output(requestId)).outputWords;
}

async function readWords(dir: string, modelDigest: string, words: readonly bigint[]) {
  const { network, directory } = await openCompiledModel(dir);
  if (`0x${directory.manifest.modelDigest}` !== modelDigest) {
    throw new IntegrityError({
      code: 'CLI_REQUEST_MODEL',
      what: `${dir} is another model than the one of the request`,
      got: directory.manifest.modelDigest,
      expected: modelDigest.slice(2),
    });
  }
  const integers = unpack(words, outputLayoutsOf(network));
  return readOutputs(
    network,
    integers.map((list) => BigInt64Array.from(list)),
  );
}

function fulfilmentFacts(request: Request, words: readonly bigint[] | undefined) {
  if (request.status !== RequestStatus.Fulfilled) return [];
  const facts: [string, string][] = [
    ['fulfilled', formatTime(request.fulfilledAt)],
    ['payee', request.payee],
    ['output hash', request.outputHash.toString()],
  ];
  if (words !== undefined) facts.push(['output words', words.join(', ')]);
  if (request.callbackStatus !== CallbackStatus.None) {
    facts.push(['callback', nameOf(CallbackStatus, request.callbackStatus)]);
  }
  return facts;
}

/** `Fulfilled` for 2n of RequestStatus, in lower case. */
function nameOf(enumeration: Readonly<Record<string, bigint>>, value: bigint): string {
  const name = Object.keys(enumeration).find((key) => enumeration[key] === value);
  return (name ?? String(value)).toLowerCase();
}
