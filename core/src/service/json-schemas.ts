/** The values that all schemas of the service share. */
import Type from 'typebox';

/** No keys but those that are named: a misspelt option is an error, not a default. */
export const CLOSED = { additionalProperties: false } as const;

/** A SHA-256: of a canonical model, a circuit, a file. */
export const HexDigestSchema = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: '64 lower-case hexadecimal digits',
});

/** An element of BN254's scalar field. Whether it is below r is checked where it is read. */
export const FieldElementSchema = Type.String({
  pattern: '^(0|[1-9][0-9]{0,76})$',
  description: 'an integer from 0 to r − 1 in decimal digits',
});

/** An integer of any size, such as an amount in a token's smallest unit. */
export const IntegerTextSchema = Type.String({
  pattern: '^(0|-?[1-9][0-9]{0,77})$',
  description: 'an integer in decimal digits',
});

/** 32 bytes of the chain: a request, a model, a transaction. */
export const Bytes32Schema = Type.String({ pattern: '^0x[0-9a-f]{64}$' });

/** An account or contract; letters of any case. */
export const AddressSchema = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' });

/** Milliseconds since 1970. */
export const TimeSchema = Type.Integer({ minimum: 0, description: 'milliseconds since 1970' });

/** A length of time. */
export const DurationSchema = Type.Number({ minimum: 0, description: 'milliseconds' });
