/** What a service is told about a chain that it serves. */
import { AddressSchema, CLOSED } from '@zkinfer/core/service';
import Type, { type Static } from 'typebox';
import type { ServiceSignerSource } from '../chain/open-service-signer.ts';
import { configError } from './read-config-schema.ts';

/** An http or https URL. */
export const WEB_URL_PATTERN = '^https?://[^\\s]+$';

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
    /** What an hour of a proving machine must earn. */
    machineHour: { ...AmountSchema, default: '0' },
    /** What must be left above costs, as a share of them. */
    margin: Type.Number({ minimum: 0, default: 0.1 }),
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

/** One chain. */
export const ChainConfigSchema = Type.Object(
  {
    /** Endpoints of the same chain; the second and later ones are for when the first fails. */
    rpc: Type.Array(Type.String({ pattern: WEB_URL_PATTERN }), { minItems: 1 }),
    /** Refuses endpoints of another chain. */
    chainId: Type.Optional(Type.Integer({ minimum: 1 })),
    /** The folder whose <chain id>.json says what is deployed. */
    deployments: Type.String({ minLength: 1, default: 'deployments' }),
    /** Blocks, its own included, after which an event counts. */
    confirmations: Type.Integer({ minimum: 1, maximum: 10_000, default: 12 }),
    pollSeconds: Type.Number({ minimum: 0.05, maximum: 600, default: 4 }),
    signer: SignerSchema,
    /** Who is paid; the signer unless told. */
    payee: Type.Optional(AddressSchema),
    prices: PricesSchema,
    fees: FeesSchema,
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
    throw configError(what, `${key}.signer`, 'exactly one of passwordFile and passwordVariable');
  }
  const path = keystore!;
  if (passwordFile !== undefined) return { kind: 'keystore', path, passwordFile };
  return { kind: 'keystore', path, passwordVariable: passwordVariable! };
}
