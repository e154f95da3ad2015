/** What requests the chaos run makes: of several kinds, each with its own ways to end. */
import { ENVELOPE_URI_PREFIX } from '@zkinfer/core/service';
import type { SeededRandom } from '@zkinfer/core/testing';
import {
  Delivery,
  inlineInputHash,
  type ModelTerms,
  planRequest,
  type RequestInput,
  type RequestPlan,
  RequestStatus,
  type RequestWish,
} from '@zkinfer/verifier-contracts';

/**
 * `ordinary`: worth serving. `callback`: to a contract that refuses at first. `cheap`: pays less
 * than its gas. `hurried`: its deadline is near. `lost`: its input cannot be had.
 */
export type RequestKind = 'ordinary' | 'callback' | 'cheap' | 'hurried' | 'lost';

/** A request before it is sent. */
export interface PlannedRequest {
  readonly kind: RequestKind;
  readonly plan: RequestPlan;
}

/** What requests are made of. */
export interface RequestGround {
  readonly random: SeededRandom;
  readonly modelId: string;
  readonly model: ModelTerms;
  readonly coprocessor: string;
  /** Who makes requests with callbacks: a contract. */
  readonly consumer: string;
  /** Where no input can be had, besides what `inputOf` names. */
  readonly badUris: readonly string[];
}

/** How many of a thousand are of a kind; the others are ordinary. */
const OF_A_THOUSAND: readonly (readonly [RequestKind, number])[] = [
  ['callback', 20],
  ['cheap', 30],
  ['hurried', 40],
  ['lost', 60],
];

/** How a request of each kind may end. */
export const ENDS: Readonly<Record<RequestKind, readonly RequestStatus[]>> = {
  ordinary: [RequestStatus.Fulfilled],
  callback: [RequestStatus.Fulfilled],
  cheap: [RequestStatus.Refunded],
  hurried: [RequestStatus.Fulfilled, RequestStatus.Refunded],
  lost: [RequestStatus.Refunded],
};

/** Until the deadlines of requests that nobody will serve. */
export const HOPELESS_SECONDS = 3_600;

const LONG_SECONDS = 2 * 86_400;
const CHAIN_ID = 31337n;
const GWEI = 10n ** 9n;
const CALLBACK = { gasLimit: 100_000n, gasPrice: 2n * GWEI };

/** Whether somebody may serve it. */
export function isHopeful({ kind }: PlannedRequest): boolean {
  return ENDS[kind].includes(RequestStatus.Fulfilled);
}

/** In which order requests of which kinds are made: callbacks early, since they take longest. */
export function requestKinds(count: number, random: SeededRandom): RequestKind[] {
  const kinds: RequestKind[] = Array.from({ length: count }, () => 'ordinary');
  for (const [kind, perThousand] of OF_A_THOUSAND) {
    const last = kind === 'callback' ? Math.floor(count / 4) : count - 1;
    for (let left = Math.round((perThousand * count) / 1_000); left > 0; ) {
      const place = random.int(0, last);
      if (kinds[place] !== 'ordinary') continue;
      kinds[place] = kind;
      left -= 1;
    }
  }
  return kinds;
}

/**
 * Plans a request of a kind, with an input, fee and delivery of its own.
 * @param now the chain's time, seconds
 */
export function planOf(
  kind: RequestKind,
  requester: string,
  now: number,
  ground: RequestGround,
): PlannedRequest {
  const { random, modelId, model, coprocessor, consumer } = ground;
  const isCallback = kind === 'callback';
  const wish: RequestWish = {
    modelId,
    input: inputOf(kind, ground),
    workerFee: kind === 'cheap' ? random.bigint(GWEI) : 10n ** 16n + random.bigint(10n ** 16n),
    deadline: BigInt(now + secondsOf(kind, random)),
    delivery: random.boolean() ? Delivery.Values : Delivery.Commitment,
    refundAddress: requester,
    nonce: (BigInt(random.uint32()) << 32n) | BigInt(random.uint32()),
    ...(isCallback ? { callback: CALLBACK, delivery: Delivery.Values } : {}),
  };
  const origin = { chainId: CHAIN_ID, coprocessor, requester: isCallback ? consumer : requester };
  return { kind, plan: planRequest(wish, model, origin) };
}

function secondsOf(kind: RequestKind, random: SeededRandom): number {
  if (kind === 'hurried') return random.int(15, 150);
  return kind === 'cheap' || kind === 'lost' ? HOPELESS_SECONDS : LONG_SECONDS;
}

function inputOf(kind: RequestKind, { random, model, badUris }: RequestGround): RequestInput {
  const { inputSpec } = model;
  const words = [random.bigint(2n ** (inputSpec.count * inputSpec.bits))];
  if (kind !== 'lost') return { words };
  const inputHash = inlineInputHash(words, inputSpec);
  const uri = random.pick([
    'https://127.0.0.1:9/private',
    'https://input.invalid/unknown-host',
    'ftp://example.com/other-protocol',
    `${ENVELOPE_URI_PREFIX}${inputHash}`,
    ...badUris,
  ]);
  return { inputHash, uri };
}
