/** What a service is told about a chain that it serves. */
import { AddressSchema, CLOSED, IntegerTextSchema } from '@zkinfer/core/service';
import { parseAmount } from '@zkinfer/verifier-contracts';
import Type, { type Static } from 'typebox';
import { DEFAULT_PRICES, type Prices } from '../admission/prices.ts';
import type { ServiceSignerSource } from '../chain/open-service-signer.ts';
import { DEFAULT_SENDING_POLICY } from '../chain/sending-policy.ts';
import {
  DEFAULT_SETTLEMENT_POLICY,
  type SettlementPolicy,
} from '../settlement/settlement-policy.ts';
import { configError } from './read-config-schema.ts';

/** An http or https URL. */
const WEB_URL_PATTERN = '^https?://[^\\s]+$';

/** An amount in the chain's own currency, such as `0.05`. */
const AmountSchema = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,18})?$' });

/** An encrypted key file, or a variable with the key, or one of anvil's accounts. */
const SignerSchema = Type.Object(
  {
    keystore: Type.Optional(Type.String()),
    passwordFile: Type.Optional(Type.String()),
    passwordVariable: Type.Optional(Type.String()),
    variable: Type.Optional(Type.String()),
    account: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
  },
  CLOSED,
);

const PricesSchema = Type.Object(
  {
    /** What an hour of a proving machine costs. */
    machineHour: Type.String({ ...AmountSchema, default: '0' }),
    /** What must be left above costs, as a share of them. */
    margin: Type.Number({ minimum: 0, default: DEFAULT_PRICES.margin }),
    /** What the operator adds to each request's fee: for models of its own. */
    subsidy: Type.String({ ...AmountSchema, default: '0' }),
    /** ERC-20 tokens that are taken, by address: so many of its smallest units are so many wei. */
    tokens: Type.Record(
      Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }),
      Type.Object({ units: IntegerTextSchema, wei: IntegerTextSchema }, CLOSED),
      { default: {} },
    ),
  },
  { ...CLOSED, default: {} },
);

const FeesSchema = Type.Object(
  {
    /** The most that a transaction may offer for gas; cancelling may offer twice as much. */
    maxGwei: Type.Number({ exclusiveMinimum: 0, default: 200 }),
    /** When a transaction that is not mined is outbid. */
    stuckAfterSeconds: Type.Number({ exclusiveMinimum: 0, default: 45 }),
    /** When one that may offer no more is cancelled. */
    giveUpAfterSeconds: Type.Number({ exclusiveMinimum: 0, default: 600 }),
  },
  { ...CLOSED, default: {} },
);

const BatchingSchema = Type.Object(
  {
    /** How long a proof waits for others to be settled with it; 0: not at all. */
    windowSeconds: Type.Number({ minimum: 0, maximum: 600, default: 2 }),
    /** Most requests of a transaction. */
    most: Type.Integer({ minimum: 1, maximum: 16, default: 16 }),
  },
  { ...CLOSED, default: {} },
);

/** One chain. */
export const ChainConfigSchema = Type.Object(
  {
    /** Endpoints of the same chain; the second and later ones are for when the first fails. */
    rpc: Type.Array(Type.String({ pattern: WEB_URL_PATTERN }), { minItems: 1 }),
    /** Refuses endpoints of another chain. */
    chainId: Type.Optional(Type.Integer({ minimum: 1 })),
    /** The folder whose <chain id>.json says what is deployed. */
    deployments: Type.String({ minLength: 1, default: 'deployments' }),
    /** Blocks, its own included, after which an event counts; or a tag of the chain. */
    confirmations: Type.Union(
      [
        Type.Integer({ minimum: 1, maximum: 10_000 }),
        Type.Literal('safe'),
        Type.Literal('finalized'),
      ],
      { default: 12 },
    ),
    pollSeconds: Type.Number({ minimum: 0.05, maximum: 600, default: 4 }),
    signer: SignerSchema,
    /** Who is paid; the signer unless told. */
    payee: Type.Optional(AddressSchema),
    /** Who may have registered the models that are served; everybody unless told. */
    owners: Type.Optional(Type.Array(AddressSchema)),
    prices: PricesSchema,
    fees: FeesSchema,
    batching: BatchingSchema,
  },
  CLOSED,
);

/** A chain that is served; paths are absolute. */
export type ChainConfig = Static<typeof ChainConfigSchema>;

/**
 * Who signs, as the configuration says.
 * @param what names the configuration, and `key` the chain in it, for errors
 * @throws InputError QUEUE_CONFIG unless it is exactly one
 */
export function signerSourceOf(
  { signer }: Pick<ChainConfig, 'signer'>,
  what: string,
  key: string,
): ServiceSignerSource {
  const { keystore, passwordFile, passwordVariable, variable, account } = signer;
  const given = [keystore, variable, account].filter((source) => source !== undefined);
  if (given.length !== 1) {
    throw configError(what, `${key}.signer`, 'exactly one of keystore, variable and account');
  }
  if (account !== undefined) return { kind: 'development', index: account };
  if (variable !== undefined) return { kind: 'environment', variable };
  if ((passwordFile === undefined) === (passwordVariable === undefined)) {
    const problem = 'exactly one of passwordFile and passwordVariable';
    throw configError(what, `${key}.signer`, problem);
  }
  const path = keystore!;
  if (passwordFile !== undefined) return { kind: 'keystore', path, passwordFile };
  return { kind: 'keystore', path, passwordVariable: passwordVariable! };
}

/** What is asked for, in wei. */
export function pricesOf({ prices }: ChainConfig): Partial<Prices> {
  const { machineHour, margin, subsidy, tokens } = prices;
  const priced = Object.entries(tokens).map(([address, { units, wei }]) => {
    return [address, { units: BigInt(units), wei: BigInt(wei) }] as const;
  });
  return {
    machineHour: inWei(machineHour),
    margin,
    subsidy: inWei(subsidy),
    tokens: Object.fromEntries(priced),
  };
}

/** How requests are settled. */
export function settlementPolicyOf(chain: ChainConfig): Partial<SettlementPolicy> {
  const { confirmations, pollSeconds, fees, batching } = chain;
  const maxFeePerGas = BigInt(Math.round(fees.maxGwei * GWEI));
  return {
    confirmations,
    pollMs: SECOND_MS * pollSeconds,
    batchWindowMs: SECOND_MS * batching.windowSeconds,
    largestBatch: batching.most,
    sending: {
      ...DEFAULT_SETTLEMENT_POLICY.sending,
      maxFeePerGas,
      cancelMaxFeePerGas: 2n * maxFeePerGas,
      stuckAfterMs: SECOND_MS * fees.stuckAfterSeconds,
      giveUpAfterMs: SECOND_MS * fees.giveUpAfterSeconds,
      resendAfterMs: Math.min(
        DEFAULT_SENDING_POLICY.resendAfterMs,
        SECOND_MS * fees.stuckAfterSeconds,
      ),
    },
  };
}

const SECOND_MS = 1_000;
const GWEI = 1e9;
const NATIVE_UNITS = { symbol: '', decimals: 18 };

function inWei(amount: string): bigint {
  return parseAmount(amount, NATIVE_UNITS);
}
