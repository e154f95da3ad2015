/** Where a chain and its deployments file are. Apart from `chain-options.ts`, which needs ethers. */
import { type Command, Option } from 'commander';
import { integerOption } from './option-parsers.ts';

/** Options of `addEndpointOptions`. */
export interface EndpointOptions {
  readonly rpc: string;
  readonly deployments: string;
}

/** Where `zkinfer dev` listens. */
const LOCAL_RPC = 'http://127.0.0.1:8545';

/** Where deployments files are kept. */
export const DEPLOYMENTS_FOLDER = 'deployments';

/** Adds --rpc and --deployments. */
export function addEndpointOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--rpc <url>', 'endpoint of the chain').env('ZKINFER_RPC').default(LOCAL_RPC),
    )
    .option(
      '--deployments <dir>',
      'where <chain id>.json says what is deployed',
      DEPLOYMENTS_FOLDER,
    );
}

/** The id of a chain. */
export function chainIdOption(text: string): bigint {
  return BigInt(integerOption(1, Number.MAX_SAFE_INTEGER)(text));
}
