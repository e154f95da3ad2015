/**
 * What the public may know of a model that a service runs: enough to quantise an input, to commit
 * to it, to read an output and to verify a proof; no weights.
 */
import Type, { type Static } from 'typebox';
import {
  AddressSchema,
  Bytes32Schema,
  CLOSED,
  HexDigestSchema,
  IntegerTextSchema,
} from './json-schemas.ts';

const shape = Type.Array(Type.Integer({ minimum: 1 }));
const scale = Type.Number({ exclusiveMinimum: 0 });
const bits = Type.Integer({ minimum: 1, maximum: 253 });

/** An input tensor: q = floor(x / scale + 0.5), clamped to [lo, lo + 2^bits − 1]. */
export const ModelInputSchema = Type.Object(
  {
    name: Type.String(),
    shape,
    scale,
    lo: Type.Integer(),
    bits: Type.Integer({ minimum: 1, maximum: 32 }),
    /** For 8-bit pixels p, x = p · scale + offset. */
    image: Type.Optional(Type.Object({ scale: Type.Number(), offset: Type.Number() }, CLOSED)),
  },
  CLOSED,
);

/** An output tensor: reals are scale · q, packed as `bits`-bit integers q − lo. */
export const ModelOutputSchema = Type.Object(
  {
    name: Type.String(),
    shape,
    scale,
    lo: IntegerTextSchema,
    bits,
    meaning: Type.Union([
      Type.Literal('logits'),
      Type.Literal('argmax'),
      Type.Literal('activation'),
    ]),
    /** Whether the float model ended in softmax, which is outside the proof. */
    softmax: Type.Boolean(),
    labels: Type.Optional(Type.Array(Type.String())),
  },
  CLOSED,
);

/** A chain where the model is registered and served. */
export const ModelOnChainSchema = Type.Object(
  { chainId: IntegerTextSchema, coprocessor: AddressSchema, modelId: Bytes32Schema },
  CLOSED,
);

/** A model as `GET /v1/models` tells it. */
export const ModelDescriptionSchema = Type.Object(
  {
    modelDigest: HexDigestSchema,
    circuitDigest: HexDigestSchema,
    name: Type.String(),
    inputs: Type.Array(ModelInputSchema, { minItems: 1 }),
    outputs: Type.Array(ModelOutputSchema, { minItems: 1 }),
    rows: Type.Integer({ minimum: 1 }),
    wires: Type.Integer({ minimum: 1 }),
    keyBytes: Type.Integer({ minimum: 1 }),
    /** False where the key's maker could forge proofs. */
    hasCeremony: Type.Boolean(),
    /** `verification_key.json`; check it against a copy of one's own before trusting proofs. */
    verificationKey: Type.Record(Type.String(), Type.Unknown()),
    chains: Type.Array(ModelOnChainSchema),
  },
  CLOSED,
);

/** An input tensor, described. */
export type ModelInput = Static<typeof ModelInputSchema>;
/** An output tensor, described. */
export type ModelOutput = Static<typeof ModelOutputSchema>;
/** A model, described. */
export type ModelDescription = Static<typeof ModelDescriptionSchema>;
