/** Whether a request is worth the work, as a pure function of what is known of it. */
import { callbackGas } from './fulfilment-gas.ts';
import { machineCost, type Offer, type Prices, withMargin, worthOf } from './prices.ts';

/** Why a request is not served; shown, and examined again while it is open. */
export const SKIP_CODES = {
  notOpen: 'QUEUE_SKIP_NOT_OPEN',
  modelUnknown: 'QUEUE_SKIP_MODEL_UNKNOWN',
  modelNotAllowed: 'QUEUE_SKIP_MODEL_NOT_ALLOWED',
  modelFrozen: 'QUEUE_SKIP_MODEL_FROZEN',
  tokenNotTaken: 'QUEUE_SKIP_TOKEN_NOT_TAKEN',
  inputMissing: 'QUEUE_SKIP_INPUT_MISSING',
  callbackTooLarge: 'QUEUE_SKIP_CALLBACK_TOO_LARGE',
  deadlineNear: 'QUEUE_SKIP_DEADLINE_NEAR',
  feeTooLow: 'QUEUE_SKIP_FEE_TOO_LOW',
} as const;

/** One of SKIP_CODES. */
export type SkipCode = (typeof SKIP_CODES)[keyof typeof SKIP_CODES];

/** `served`, or why not. */
export type ModelStanding = 'served' | 'unknown' | 'not-allowed' | 'frozen';

/** A request as it stands. */
export interface Candidate extends Offer {
  readonly isOpen: boolean;
  readonly model: ModelStanding;
  /** Whether there are inline words or a URI that the service can fetch. */
  readonly hasInput: boolean;
  /** Until the effective deadline. */
  readonly leftMs: number;
}

/** What serving it would take now. */
export interface Conditions {
  /** Until the fulfilment is mined, waiting included. */
  readonly expectedMs: number;
  /** Of machines. */
  readonly workMs: number;
  /** Wei per gas. */
  readonly gasPrice: bigint;
  /** Of the fulfilment without its callback. */
  readonly fulfilGas: bigint;
  readonly prices: Prices;
  /** How many times `expectedMs` must be left, ≥ 1. */
  readonly safety: number;
}

/** What was decided. */
export type AdmissionDecision =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly code: SkipCode };

/** Decides by the first reason that there is, the lasting ones first. */
export function decideAdmission(candidate: Candidate, conditions: Conditions): AdmissionDecision {
  const code = reasonAgainst(candidate, conditions);
  return code === undefined ? { admitted: true } : { admitted: false, code };
}

/**
 * Wei that serving a request must bring: gas of the fulfilment and machine time, and what of the
 * callback's gas is not repaid; the margin on top.
 */
export function requiredWorth(
  { callbackGasLimit, callbackGasPrice }: Pick<Offer, 'callbackGasLimit' | 'callbackGasPrice'>,
  { workMs, gasPrice, fulfilGas, prices }: Conditions,
): bigint {
  const repaid = callbackGasLimit * (gasPrice < callbackGasPrice ? gasPrice : callbackGasPrice);
  const gas = fulfilGas + callbackGas(callbackGasLimit);
  return withMargin(gas * gasPrice - repaid + machineCost(workMs, prices), prices);
}

const MODEL_CODES: Readonly<Record<Exclude<ModelStanding, 'served'>, SkipCode>> = {
  unknown: SKIP_CODES.modelUnknown,
  'not-allowed': SKIP_CODES.modelNotAllowed,
  frozen: SKIP_CODES.modelFrozen,
};

function reasonAgainst(candidate: Candidate, conditions: Conditions): SkipCode | undefined {
  const { prices, expectedMs, safety } = conditions;
  const { isOpen, model, hasInput, callbackGasLimit, leftMs, workerFee, token } = candidate;
  if (!isOpen) return SKIP_CODES.notOpen;
  if (model !== 'served') return MODEL_CODES[model];
  const fee = worthOf(workerFee, token, prices);
  if (fee === undefined) return SKIP_CODES.tokenNotTaken;
  if (!hasInput) return SKIP_CODES.inputMissing;
  if (callbackGasLimit > prices.largestCallbackGas) return SKIP_CODES.callbackTooLarge;
  if (leftMs < safety * expectedMs) return SKIP_CODES.deadlineNear;
  const isEnough = fee + prices.subsidy >= requiredWorth(candidate, conditions);
  return isEnough ? undefined : SKIP_CODES.feeTooLow;
}
