import type { Command } from 'commander';
import {
  addChainOptions,
  addSignerOptions,
  type ChainOptions,
  clientsOf,
  openChain,
  SIGNER_HELP,
  type SignerOptions,
  signerOf,
} from '../chain-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { hash32Option } from '../option-parsers.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

interface RefundCommandOptions extends ChainOptions, SignerOptions {}

/** Arguments, options and action of `zkinfer refund`. */
export function defineRefundVerb(command: Command, runVerb: RunVerb): void {
  command.argument('<request-id>', 'as `request` printed it', hash32Option);
  addSignerOptions(addChainOptions(command))
    .addHelpText('after', `${SIGNER_HELP}\n${HELP}`)
    .action((requestId: string, options: RefundCommandOptions) =>
      runVerb((session) => refund(session, requestId, options)),
    );
}

const HELP = `
Refunds begin after the deadline, or at once when the model is frozen. The refund address withdraws the money.

Example:
  npx zkinfer refund 0x… --account 1`;

async function refund(
  { output }: Session,
  requestId: string,
  options: RefundCommandOptions,
): Promise<ExitCode> {
  const { provider, deployment } = await openChain(options);
  const { coprocessor } = clientsOf(deployment, await signerOf(options, provider));
  const { receipt } = await coprocessor.refund(requestId);
  const { refundAddress } = await coprocessor.status(requestId);
  output.result(
    renderFacts([
      ['refunded', requestId],
      ['to', refundAddress],
      ['next', 'npx zkinfer withdraw, signed by that address'],
    ]),
    { requestId, refundAddress, transactionHash: receipt.hash, gasUsed: receipt.gasUsed },
  );
  return EXIT.done;
}
