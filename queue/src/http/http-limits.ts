/** How much of everything the HTTP service takes. */
import { LARGEST_BLOB_BYTES } from '../artifacts/blob-store.ts';

/** Limits of one service. */
export interface HttpLimits {
  /** The largest body of all; inputs are held to what their model needs besides. */
  readonly bodyBytes: number;
  /** Requests without a valid key, for each address. */
  readonly unauthenticatedPerMinute: number;
  /** Streams of updates that are open at once, for each key and together. */
  readonly streamsPerKey: number;
  readonly streams: number;
  /** How often a stream without news says that it lives; one that takes nothing for four is cut. */
  readonly heartbeatMs: number;
  /** How long the headers of a request, and a request as a whole, may take to arrive. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Open connections. */
  readonly connections: number;
  /** How long a browser stays signed in. */
  readonly sessionMs: number;
}

/** What holds unless the operator says otherwise. */
export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: LARGEST_BLOB_BYTES,
  unauthenticatedPerMinute: 120,
  streamsPerKey: 32,
  streams: 1_000,
  heartbeatMs: 15_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  connections: 4_000,
  sessionMs: 12 * 60 * 60 * 1_000,
};

/** The largest body of requests that carry no input. */
export const SMALL_BODY_BYTES = 16 * 1024;
