/** What a job asks for: the `request` of its record, the same for requests on chain and over HTTP. */
import {
  AddressSchema,
  Bytes32Schema,
  CLOSED,
  ENVELOPE_URI_PREFIX,
  FieldElementSchema,
  HexDigestSchema,
  IntegerTextSchema,
  readSchema,
} from '@zkinfer/core/service';
import Type, { type Static } from 'typebox';
import type { JsonObject } from '../json-value.ts';

/**
 * Where the input is: an envelope in the blob store by its SHA-256; the words of a request on chain
 * themselves, under salt 0; or a URI of an envelope, https or ENVELOPE_URI_PREFIX.
 */
export const InputReferenceSchema = Type.Union([
  Type.Object({ kind: Type.Literal('blob'), sha256: HexDigestSchema }, CLOSED),
  Type.Object({ kind: Type.Literal('words'), words: Type.Array(FieldElementSchema) }, CLOSED),
  Type.Object({ kind: Type.Literal('uri'), uri: Type.String({ maxLength: 2048 }) }, CLOSED),
]);

/** The request on chain that a job serves. */
export const ChainRequestSchema = Type.Object(
  {
    chainId: IntegerTextSchema,
    coprocessor: AddressSchema,
    requestId: Bytes32Schema,
    modelId: Bytes32Schema,
    /** Who is paid: the proof names it. */
    payee: AddressSchema,
    /** What the input must open to. */
    inputHash: FieldElementSchema,
    /** Whether the output's words are delivered. */
    delivery: Type.Union([Type.Literal('values'), Type.Literal('commitment')]),
    hasCallback: Type.Boolean(),
  },
  CLOSED,
);

/** A request over HTTP. */
export const HttpRequestSchema = Type.Object(
  {
    /** The name of the API key, not the key. */
    client: Type.String({ maxLength: 100 }),
    webhook: Type.Union([Type.String({ maxLength: 2048 }), Type.Null()]),
  },
  CLOSED,
);

/** A request for an inference: exactly one of `chain` and `http` is not null. */
export const InferenceRequestSchema = Type.Object(
  {
    modelDigest: HexDigestSchema,
    input: InputReferenceSchema,
    /** The third public signal of the proof. */
    binder: FieldElementSchema,
    chain: Type.Union([ChainRequestSchema, Type.Null()]),
    http: Type.Union([HttpRequestSchema, Type.Null()]),
  },
  CLOSED,
);

/** Where an input is. */
export type InputReference = Static<typeof InputReferenceSchema>;
/** The request on chain that a job serves. */
export type ChainRequest = Static<typeof ChainRequestSchema>;
/** A request for an inference. */
export type InferenceRequest = Static<typeof InferenceRequestSchema>;

/** As a job's record takes it. */
export function writeInferenceRequest(request: InferenceRequest): JsonObject {
  return request as unknown as JsonObject;
}

/** @throws InputError CORE_SCHEMA */
export function readInferenceRequest(request: JsonObject): InferenceRequest {
  return readSchema(InferenceRequestSchema, request, 'a request for an inference');
}

/** The inputHash that a URI of a stored envelope names; undefined for other URIs. */
export function storedInputHash(uri: string): string | undefined {
  return uri.startsWith(ENVELOPE_URI_PREFIX) ? uri.slice(ENVELOPE_URI_PREFIX.length) : undefined;
}
