import { openCompiledModel, readOutputs } from '@zkinfer/circuits';
import { InputError, IntegrityError, publicSignalsOf } from '@zkinfer/core';
import { ENGINE_NAMES } from '@zkinfer/prover';
import {
  CallbackStatus,
  Delivery,
  formatAmount,
  ModelState,
  type Request,
  RequestStatus,
  tokenUnits,
} from '@zkinfer/verifier-contracts';
import { type Command, Option } from 'commander';
import { addressOption } from '../address-option.ts';
import {
  addChainOptions,
  addSignerOptions,
  type ChainClients,
  type ChainOptions,
  clientsOf,
  type OpenChain,
  openChain,
  SIGNER_HELP,
  type SignerOptions,
  signerOf,
} from '../chain-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatCount, formatDuration, formatTime } from '../format-quantity.ts';
import { registrationOf } from '../model-registration.ts';
import { hash32Option } from '../option-parsers.ts';
import { outputsAsJson, renderOutputs } from '../output-reading.ts';
import { type ProvedInference, proveInference } from '../prove-inference.ts';
import { renderFacts } from '../render-table.ts';
import { openRequestInput, type RequestInputOptions } from '../request-input.ts';
import type { RunVerb, Session } from '../session.ts';

interface FulfillCommandOptions extends ChainOptions, SignerOptions, RequestInputOptions {
  readonly payee?: string;
  readonly engine?: string;
}

/** Arguments, options and action of `zkinfer fulfill`. */
export function defineFulfillVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<request-id>', 'as `request` printed it', hash32Option)
    .argument('<dir>', 'compiled directory of the model, with keys')
    .option('--envelope <file>', 'the envelope that the request’s URI leads to')
    .option('--input <file>', 'or the input itself: JSON, .npy, or a grey or RGB PNG')
    .option('--input-salt <salt>', 'its salt: 0, or @FILE', '0')
    .option('--payee <address>', 'who is paid (default: the signer)', addressOption)
    .addOption(new Option('--engine <name>', 'who computes the proof').choices(ENGINE_NAMES));
  addSignerOptions(addChainOptions(command))
    .addHelpText('after', `${SIGNER_HELP}\n${HELP}`)
    .action((requestId: string, dir: string, options: FulfillCommandOptions) =>
      runVerb((session) => fulfill(session, requestId, dir, options)),
    );
}

const HELP = `
An input that lies on chain needs neither --envelope nor --input. The proof names payee and request: whoever copies it
pays gas for nothing.

Example:
  npx zkinfer fulfill 0x… artifacts/iris-mlp --account 2`;

async function fulfill(
  session: Session,
  requestId: string,
  dir: string,
  options: FulfillCommandOptions,
): Promise<ExitCode> {
  const { output, progress } = session;
  const model = await openCompiledModel(dir);
  const chain = await openChain(options);
  const signer = await signerOf(options, chain.provider);
  const clients = clientsOf(chain.deployment, signer);
  const { coprocessor } = clients;
  const request = await coprocessor.status(requestId);
  await requireEligible(chain, clients, requestId, request);
  await requireModel(clients, request, await registrationOf(model), dir);
  const { blockNumber } = chain.deployment.contracts.InferenceCoprocessor;
  const requested = await coprocessor.requested(requestId, blockNumber);
  const inlineWords = requested?.args.inputWords ?? [];
  const { inputHash, modelId } = request;
  const opened = await openRequestInput(session, model, { inputHash, inlineWords }, options);
  const payee = options.payee ?? (await signer.getAddress());
  const binder = await coprocessor.binder({ requestId, modelId, payee });
  const { integers: inputs, inputSalt } = opened;
  const proved = await proveInference(
    model,
    { inputs, inputSalt, binder },
    { progress, engine: options.engine },
  );
  progress.stage('delivering');
  const { receipt } = await coprocessor.fulfill(deliveryOf(requestId, request, payee, proved));
  const after = await coprocessor.status(requestId);
  const readings = readOutputs(model.network, proved.calculated.outputs);
  const earned = formatAmount(request.workerFee, await tokenUnits(request.token, chain.provider));
  output.result(
    `${renderOutputs(readings)}\n\n${renderFacts([
      ['fulfilled', requestId],
      ['payee', `${payee}, credited with ${earned}`],
      ['proof', `${formatDuration(proved.proofMs)} by ${proved.engine}`],
      ['gas', formatCount(receipt.gasUsed)],
      ...callbackFacts(after),
      ['next', `npx zkinfer withdraw, signed by ${payee}`],
    ])}`,
    {
      requestId,
      payee,
      transactionHash: receipt.hash,
      gasUsed: receipt.gasUsed,
      outputs: outputsAsJson(readings),
      callbackSucceeded: callbackOutcome(after),
      proofMs: proved.proofMs,
    },
  );
  return EXIT.done;
}

/** What the contract would refuse is found before minutes are spent on a proof. */
async function requireEligible(
  { provider }: OpenChain,
  { coprocessor, registry }: ChainClients,
  requestId: string,
  { status, modelId }: Request,
): Promise<void> {
  if (status !== RequestStatus.Open) {
    const got = status === RequestStatus.Fulfilled ? 'fulfilled' : 'refunded';
    throw ineligible('CLI_REQUEST_CLOSED', 'the request is not open any more', got);
  }
  const deadline = await coprocessor.effectiveDeadline(requestId);
  const now = BigInt((await provider.getBlock('latest'))!.timestamp);
  if (now > deadline) {
    throw ineligible(
      'CLI_REQUEST_LATE',
      'the request’s deadline has passed',
      `it was ${formatTime(deadline)}`,
    );
  }
  if ((await registry.model(modelId)).state !== ModelState.Active) {
    throw ineligible('CLI_MODEL_FROZEN', 'the request’s model is frozen', modelId);
  }
}

async function requireModel(
  { registry }: ChainClients,
  { modelId }: Request,
  { identity, keyHash }: Awaited<ReturnType<typeof registrationOf>>,
  dir: string,
): Promise<void> {
  const registered = await registry.model(modelId);
  const [got, expected] =
    registered.identity.modelDigest === identity.modelDigest
      ? [`key ${keyHash}`, `key ${registered.keyHash}`]
      : [`network ${identity.modelDigest}`, `network ${registered.identity.modelDigest}`];
  if (got === expected) return;
  throw new IntegrityError({
    code: 'CLI_REQUEST_MODEL',
    what: `${dir} is not the model that the request asks for`,
    got,
    expected,
    hint: 'Get the owner’s directory: a key of one’s own proves nothing to the chain.',
  });
}

function deliveryOf(
  requestId: string,
  { delivery }: Request,
  payee: string,
  { bundle, calculated }: ProvedInference,
) {
  const { outputHash } = publicSignalsOf(calculated.publicSignals);
  const hasValues = delivery === Delivery.Values;
  return {
    requestId,
    proof: bundle.proof,
    payee,
    outputHash,
    outputWords: hasValues ? calculated.outputWords : [],
    outputSalt: hasValues ? calculated.outputSalt : 0n,
  };
}

function callbackFacts(request: Request): (readonly [string, string])[] {
  const succeeded = callbackOutcome(request);
  if (succeeded === undefined) return [];
  return [['callback', succeeded ? 'succeeded' : 'failed; anyone may have it tried again']];
}

function callbackOutcome({ callbackStatus }: Request): boolean | undefined {
  if (callbackStatus === CallbackStatus.None) return undefined;
  return callbackStatus === CallbackStatus.Succeeded;
}

function ineligible(code: string, what: string, got: string): InputError {
  return new InputError({ code, what, got, hint: 'See: npx zkinfer status REQUEST_ID' });
}
