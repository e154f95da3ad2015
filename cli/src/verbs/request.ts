import { join } from 'node:path';
import { type CompiledModel, inputLayoutsOf, openCompiledModel } from '@zkinfer/circuits';
import {
  COMMITMENT_KIND,
  commitTensors,
  encodeEnvelope,
  InputError,
  OPEN_SALT,
  pack,
} from '@zkinfer/core';
import { writeFileAtomically } from '@zkinfer/core/node';
import {
  Delivery,
  formatAmount,
  parseAmount,
  type RequestInput,
  type RequestPlan,
  type TokenUnits,
  tokenUnits,
} from '@zkinfer/verifier-contracts';
import { type Command, Option } from 'commander';
import { addressOption } from '../address-option.ts';
import {
  addChainOptions,
  addSignerOptions,
  addTokenOption,
  type ChainOptions,
  clientsOf,
  type OpenChain,
  openChain,
  SIGNER_HELP,
  type SignerOptions,
  signerOf,
} from '../chain-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatCount, formatDuration } from '../format-quantity.ts';
import { registrationOf } from '../model-registration.ts';
import { durationOption, hash32Option } from '../option-parsers.ts';
import { parseSalt } from '../parse-salt.ts';
import { prepareFolder } from '../prepare-folder.ts';
import { prepareInputs } from '../prepare-inputs.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

interface RequestCommandOptions extends ChainOptions, SignerOptions {
  readonly input: string;
  readonly inputUri?: string;
  readonly envelope?: string;
  readonly inputSalt?: string;
  readonly fee: string;
  readonly token: string;
  readonly within: number;
  readonly delivery: 'auto' | 'values' | 'commitment';
  readonly modelId?: string;
  readonly refundTo?: string;
  readonly strict?: true;
  readonly dryRun?: true;
}

/** Arguments, options and action of `zkinfer request`. */
export function defineRequestVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory of the registered model')
    .requiredOption('--input <file>', 'JSON (nested or flat), .npy, or a grey or RGB PNG')
    .requiredOption('--fee <amount>', 'what the worker earns, such as 0.001')
    .option(
      '--input-uri <uri>',
      'where workers will find the envelope; else the input goes on chain',
    )
    .option(
      '--envelope <file>',
      'where the envelope is written (default: by request in DIR/requests)',
    )
    .option(
      '--input-salt <salt>',
      'random, 0 (nothing is hidden), or @FILE; random with --input-uri',
    )
    .addOption(
      new Option('--within <duration>', 'time to fulfil it: 90s, 30m, 2h, up to 30d')
        .argParser(durationOption)
        .default(3600, '1h'),
    )
    .addOption(
      new Option('--delivery <kind>', 'output words on chain, or their hash alone')
        .choices(['auto', 'values', 'commitment'])
        .default('auto', 'values up to 3 words'),
    )
    .option('--model-id <id>', 'if several owners registered the model', hash32Option)
    .option('--refund-to <address>', 'who gets refunds (default: the signer)', addressOption)
    .option('--strict', 'refuse an input outside the calibrated range in place of clamping it')
    .option('--dry-run', 'show price, cost and id, and send nothing');
  addSignerOptions(addChainOptions(addTokenOption(command)))
    .addHelpText('after', `${SIGNER_HELP}\n${HELP}`)
    .action((dir: string, options: RequestCommandOptions) =>
      runVerb((session) => request(session, dir, options)),
    );
}

const HELP = `
Without --input-uri everybody can read the input on chain. With it, the input is hidden behind a salt; put the
envelope where the URI says: whoever has it can read the input, and later open the output.

Examples:
  npx zkinfer request artifacts/iris-mlp --input examples/models/iris-mlp/virginica.json --fee 0.001 --account 1
  npx zkinfer request artifacts/iris-mlp --input iris.json --input-uri https://example.org/e.json --fee 0.001 --account 1`;

/** Words that contracts check on chain: DESIGN §8. */
const MOST_VALUES = 3n;

async function request(
  { output, progress }: Session,
  dir: string,
  options: RequestCommandOptions,
): Promise<ExitCode> {
  const model = await openCompiledModel(dir);
  const strict = options.strict ?? false;
  const { integers } = await prepareInputs(model.network, options.input, { strict, output });
  const words = pack(integers, inputLayoutsOf(model.network));
  const inputSalt = await saltOf(options);
  const chain = await openChain(options);
  const units = await tokenUnits(options.token, chain.provider);
  const signer = await signerOf(options, chain.provider);
  const { registry, coprocessor } = clientsOf(chain.deployment, signer);
  const { identity, keyHash } = await registrationOf(model);
  const block = chain.deployment.contracts.ModelRegistry.blockNumber;
  const modelId = options.modelId ?? (await registry.find(identity.modelDigest, keyHash, block));
  const isSmall = identity.outputSpec.words <= MOST_VALUES;
  const plan = await coprocessor.plan(
    {
      modelId,
      input: inputOf(model, words, inputSalt, options),
      workerFee: parseAmount(options.fee, units),
      deadline: (await latestTime(chain)) + BigInt(options.within),
      token: options.token,
      delivery: deliveryOf(options, isSmall),
      ...(options.refundTo === undefined ? {} : { refundAddress: options.refundTo }),
    },
    registry,
  );
  output.note(describePlan(plan, units, options));
  if (options.dryRun) {
    output.result('Nothing was sent.', { sent: false, ...planAsJson(plan) });
    return EXIT.done;
  }
  const path = await writeEnvelope(model, words, inputSalt, plan, options);
  progress.stage('requesting');
  const { receipt } = await coprocessor.request(plan);
  output.result(
    renderFacts([
      ['request', plan.requestId],
      ['gas', formatCount(receipt.gasUsed)],
      ...(path === undefined ? [] : [['envelope', `${path} (secret)`] as const]),
      ['next', `npx zkinfer status ${plan.requestId} --model ${dir}`],
    ]),
    {
      sent: true,
      envelope: path,
      transactionHash: receipt.hash,
      gasUsed: receipt.gasUsed,
      ...planAsJson(plan),
    },
  );
  return EXIT.done;
}

/** Inline words are under the open salt: a chosen one would hide nothing. */
async function saltOf({ inputUri, inputSalt, envelope }: RequestCommandOptions): Promise<bigint> {
  if (inputUri !== undefined) return parseSalt(inputSalt ?? 'random');
  if (envelope !== undefined || (inputSalt !== undefined && inputSalt !== '0')) {
    throw new InputError({
      code: 'CLI_REQUEST_INPUT',
      what: 'an input that goes on chain has neither a salt nor an envelope',
      expected: '--input-uri URI beside --input-salt or --envelope',
    });
  }
  return OPEN_SALT;
}

function inputOf(
  { network }: CompiledModel,
  words: readonly bigint[],
  inputSalt: bigint,
  { inputUri }: RequestCommandOptions,
): RequestInput {
  if (inputUri === undefined) return { words };
  const layouts = inputLayoutsOf(network);
  const inputHash = commitTensors(COMMITMENT_KIND.input, layouts, words, inputSalt);
  return { inputHash, uri: inputUri };
}

function deliveryOf({ delivery }: RequestCommandOptions, isSmall: boolean): Delivery {
  if (delivery === 'auto') return isSmall ? Delivery.Values : Delivery.Commitment;
  return delivery === 'values' ? Delivery.Values : Delivery.Commitment;
}

async function latestTime({ provider }: OpenChain): Promise<bigint> {
  return BigInt((await provider.getBlock('latest'))!.timestamp);
}

/** Written before the request is sent: without it nobody could fulfil what was paid for. */
async function writeEnvelope(
  { directory }: CompiledModel,
  words: readonly bigint[],
  inputSalt: bigint,
  { requestId }: RequestPlan,
  { inputUri, envelope }: RequestCommandOptions,
): Promise<string | undefined> {
  if (inputUri === undefined) return undefined;
  const folder = join(directory.path, 'requests');
  if (envelope === undefined) await prepareFolder(folder);
  const path = envelope ?? join(folder, `${requestId}.json`);
  const { modelDigest } = directory.manifest;
  const text = encodeEnvelope({ version: 1, modelDigest, words, inputSalt });
  await writeFileAtomically(path, text, { mode: 0o600 });
  return path;
}

function describePlan(
  { requestId, terms }: RequestPlan,
  units: TokenUnits,
  { within, inputUri }: RequestCommandOptions,
): string {
  const { modelPrice, workerFee } = terms;
  return renderFacts([
    ['request', requestId],
    ['model', terms.modelId],
    ['price', formatAmount(modelPrice, units)],
    ['worker fee', formatAmount(workerFee, units)],
    ['together', formatAmount(modelPrice + workerFee, units)],
    ['deadline', `in ${formatDuration(within * 1000)}, then refundable`],
    ['input', inputUri === undefined ? 'on chain, for everybody to read' : inputUri],
    ['output', terms.delivery === Delivery.Values ? 'its words on chain' : 'its hash on chain'],
  ]);
}

function planAsJson({ requestId, terms, value }: RequestPlan) {
  return { requestId, terms: { ...terms }, value };
}
