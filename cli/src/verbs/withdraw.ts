import { formatAmount, tokenUnits } from '@zkinfer/verifier-contracts';
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
import type { RunVerb, Session } from '../session.ts';

interface WithdrawCommandOptions extends ChainOptions, SignerOptions {
  readonly token: string;
  readonly to?: string;
}

/** Arguments, options and action of `zkinfer withdraw`. */
export function defineWithdrawVerb(command: Command, runVerb: RunVerb): void {
  command.option('--to <address>', 'receiver (default: the signer)', addressOption);
  addSignerOptions(addChainOptions(addTokenOption(command)))
    .addHelpText('after', `${SIGNER_HELP}\n\nExample:\n  npx zkinfer withdraw --account 2`)
    .action((options: WithdrawCommandOptions) => runVerb((session) => withdraw(session, options)));
}

async function withdraw({ output }: Session, options: WithdrawCommandOptions): Promise<ExitCode> {
  const { token } = options;
  const { provider, deployment } = await openChain(options);
  const signer = await signerOf(options, provider);
  const { coprocessor } = clientsOf(deployment, signer);
  const account = await signer.getAddress();
  const amount = await coprocessor.balanceOf(account, token);
  const to = options.to ?? account;
  const { receipt } = await coprocessor.withdraw(token, to);
  const paid = formatAmount(amount, await tokenUnits(token, provider));
  output.result(`Paid ${paid} to ${to}.`, {
    amount,
    token,
    to,
    transactionHash: receipt.hash,
    gasUsed: receipt.gasUsed,
  });
  return EXIT.done;
}
