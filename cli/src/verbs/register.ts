import { openCompiledModel } from '@zkinfer/circuits';
import { InputError } from '@zkinfer/core';
import { parseAmount, tokenUnits } from '@zkinfer/verifier-contracts';
import type { Command } from 'commander';
import { addressOption } from '../address-option.ts';
import {
  addChainOptions,
  addSignerOptions,
  addTokenOption,
  type ChainOptions,
  clientsOf,
  openChain,
  SIGNER_HELP,
  type SignerOptions,
  signerOf,
} from '../chain-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatCount } from '../format-quantity.ts';
import { registrationOf } from '../model-registration.ts';
import { integerOption } from '../option-parsers.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

interface RegisterCommandOptions extends ChainOptions, SignerOptions {
  readonly price: string;
  readonly token: string;
  readonly royaltyTo?: string;
  readonly royaltyBasisPoints: number;
  readonly metadataUri?: string;
}

/** Arguments, options and action of `zkinfer register`. */
export function defineRegisterVerb(command: Command, runVerb: RunVerb): void {
  command
    .argument('<dir>', 'compiled directory with keys')
    .requiredOption('--price <amount>', 'what one use costs, such as 0.01; 0 for nothing')
    .option('--royalty-to <address>', 'who gets a share of the price', addressOption)
    .option(
      '--royalty-basis-points <n>',
      'the share, in hundredths of a per cent',
      integerOption(0, 10_000),
      0,
    )
    .option('--metadata-uri <uri>', 'where people read about the model');
  addSignerOptions(addChainOptions(addTokenOption(command)))
    .addHelpText('after', `${SIGNER_HELP}\n${HELP}`)
    .action((dir: string, options: RegisterCommandOptions) =>
      runVerb((session) => register(session, dir, options)),
    );
}

const HELP = `
Registration shows neither that the key belongs to the network nor that its setup was honest: audit --chain does.

Example:
  npx zkinfer register artifacts/iris-mlp --price 0.01 --account 0`;

async function register(
  { output, progress }: Session,
  dir: string,
  options: RegisterCommandOptions,
): Promise<ExitCode> {
  requireRoyalty(options);
  const model = await openCompiledModel(dir);
  const { identity, verificationKey, keyHash, kind } = await registrationOf(model);
  const { provider, deployment } = await openChain(options);
  const signer = await signerOf(options, provider);
  const { registry } = clientsOf(deployment, signer);
  const units = await tokenUnits(options.token, provider);
  const amount = parseAmount(options.price, units);
  progress.stage('registering');
  const { modelId, receipt } = await registry.register({
    identity,
    verificationKey,
    prices: [{ token: options.token, amount }],
    ...(options.royaltyTo === undefined ? {} : { royalty: royaltyOf(options) }),
    metadataUri: options.metadataUri ?? '',
  });
  if (kind === 'development') output.note(DEVELOPMENT_NOTE);
  output.result(
    renderFacts([
      ['model', modelId],
      ['owner', await signer.getAddress()],
      ['key', `${keyHash} (${kind})`],
      ['gas', formatCount(receipt.gasUsed)],
      ['next', `npx zkinfer request ${dir} --input FILE --fee AMOUNT`],
    ]),
    {
      modelId,
      owner: await signer.getAddress(),
      keyHash,
      kind,
      transactionHash: receipt.hash,
      gasUsed: receipt.gasUsed,
    },
  );
  return EXIT.done;
}

const DEVELOPMENT_NOTE =
  'warning: a development key: its maker can forge proofs. This chain admits it; others do not.';

function royaltyOf({ royaltyTo, royaltyBasisPoints }: RegisterCommandOptions) {
  return { receiver: royaltyTo!, basisPoints: BigInt(royaltyBasisPoints) };
}

function requireRoyalty({ royaltyTo, royaltyBasisPoints }: RegisterCommandOptions): void {
  if ((royaltyTo === undefined) === (royaltyBasisPoints === 0)) return;
  throw new InputError({
    code: 'CLI_ROYALTY',
    what: 'a royalty needs a receiver and a share',
    expected: '--royalty-to ADDRESS and --royalty-basis-points N, or neither',
  });
}
