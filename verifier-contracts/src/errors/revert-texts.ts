/**
 * What each custom error of the contracts means to people. NatSpec in the interfaces is the
 * definition; the arguments' names are the Solidity ones.
 */
import type { ErrorDetails } from '@zkinfer/core';
import { ZeroAddress } from 'ethers';

/** An error's arguments by name. */
export type RevertArguments = Readonly<Record<string, unknown>>;

/** All that `ErrorDetails` has but the code. */
export type RevertText = Omit<ErrorDetails, 'code' | 'cause'>;

const AUDIT = 'Compare the files with the chain: npx zkinfer audit DIR --chain';

/** By the error's name. */
export const REVERT_TEXTS: Readonly<Record<string, (args: RevertArguments) => RevertText>> = {
  // Groth16Verifier
  UnknownKey: ({ keyHash }) => ({
    what: 'the verifier has no key of this hash',
    got: String(keyHash),
    hint: 'Register the model first: its key is stored with it.',
  }),
  KeyLength: ({ length }) => ({
    what: 'these bytes are no verification key',
    got: `${length} bytes`,
    expected: '448 bytes, and 64 for each public signal and one more',
  }),
  KeyCoordinate: ({ index }) => ({
    what: 'a coordinate of the verification key is not canonical',
    got: `word ${index}`,
    expected: 'an integer below the base field’s order',
  }),
  KeyPoint: ({ index }) => ({
    what: 'a point of the verification key is at infinity, off its curve or outside the subgroup',
    got: `the point at word ${index}`,
  }),
  KeyWithoutContribution: () => ({
    what: 'nobody contributed to this verification key: gamma equals delta',
    hint: 'Anyone could forge its proofs. Run `zkinfer ceremony contribute`.',
  }),
  KeyDeltaIsGenerator: () => ({
    what: 'nobody contributed to this verification key: delta is the generator',
    hint: 'Anyone could forge its proofs. Run `zkinfer ceremony contribute`.',
  }),
  KeyPointRepeated: ({ index }) => ({
    what: 'two points of the verification key are equal or opposite',
    got: `the point at word ${index} is an earlier one`,
    hint: 'Under such a key one proof shows several statements, or anyone can forge proofs.',
  }),
  SignalCount: ({ got, expected }) => ({
    what: 'another number of public signals than the key is for',
    got: String(got),
    expected: String(expected),
  }),
  SignalRange: ({ index }) => ({
    what: 'a public signal is not canonical',
    got: `signal ${index}`,
    expected: 'an integer below the scalar field’s order',
  }),
  ProofCoordinate: ({ index }) => ({
    what: 'a coordinate of the proof is not canonical',
    got: `coordinate ${index}`,
    expected: 'an integer below the base field’s order',
  }),
  ProofPoint: () => ({
    what: 'a point of the proof is off its curve or outside the subgroup',
    hint: 'Pass the proof unchanged, coordinates in the order of EIP-197: see encodeProof.',
  }),
  InsufficientGas: ({ left, needed }) => ({
    what: 'too little gas is left to verify; this says nothing about the proof',
    got: String(left),
    expected: `at least ${needed}`,
    hint: 'Send the transaction with a higher gas limit.',
  }),
  BatchLength: ({ proofs, signalLists }) => ({
    what: 'a batch has another number of proofs than lists of signals, or none',
    got: `${proofs} proofs, ${signalLists} lists`,
  }),
  // ModelRegistry
  ModelUnknown: ({ modelId }) => ({
    what: 'the registry has no model of this id',
    got: String(modelId),
    hint: 'The id contains the owner: npx zkinfer register DIR prints it.',
  }),
  ModelExists: ({ modelId }) => ({
    what: 'this owner has registered this very model before',
    got: String(modelId),
    hint: 'It can be asked under this id. Prices are changed with setPrice.',
  }),
  ModelTombstoned: ({ modelId }) => ({
    what: 'the model is frozen for ever',
    got: String(modelId),
  }),
  NotAuthorised: ({ caller }) => ({ what: 'the caller may not do this', got: String(caller) }),
  DevelopmentModel: ({ chainId }) => ({
    what: 'keys of a development setup are refused on this chain: their maker can forge proofs',
    got: `chain ${chainId}`,
    expected: 'a key made by a ceremony',
    hint: 'Run: npx zkinfer setup DIR --ptau FILE, then npx zkinfer ceremony contribute DIR.',
  }),
  TensorSpecRange: () => ({
    what: 'the specification of a tensor is out of range',
    expected: 'count ≥ 1, 1 ≤ bits ≤ 253, and the words that so many elements fill',
  }),
  RoyaltyRange: () => ({
    what: 'the royalty is above 10,000 basis points, or has no receiver',
  }),
  KeySignals: ({ got }) => ({
    what: 'the verification key is not for an inference',
    got: `${got} public signals`,
    expected: '3: outputHash, inputHash, binder',
  }),
  TokenNotListed: ({ token }) => ({
    what: 'the model has no price in this currency',
    got: currencyText(token),
    hint: 'Its owner lists tokens with setPrice, in force after a notice period.',
  }),
  PriceList: () => ({ what: 'a token is named twice, or none is named' }),
  ZeroAddress: () => ({ what: 'an address that is needed is zero' }),
  // Poseidon
  PoseidonInput: ({ index }) => ({
    what: 'a word is not canonical',
    got: `input ${index} of Poseidon`,
    expected: 'an integer below the scalar field’s order',
  }),
  PoseidonArity: ({ count }) => ({
    what: 'the chain does not hash so many words at once',
    got: `${count} inputs of Poseidon`,
    expected: '2 to 5',
  }),
  // Statement
  StatementSpec: () => ({ what: 'the specification of a tensor is out of range' }),
  StatementTooManyWords: ({ words }) => ({
    what: 'contracts commit to few words',
    got: String(words),
    expected: '1 to 3',
  }),
  StatementWordCount: ({ got, expected }) => ({
    what: 'the number of words is not the model’s',
    got: String(got),
    expected: String(expected),
  }),
  StatementWordRange: ({ index }) => ({
    what: 'a word is not canonical',
    got: `word ${index}`,
    expected: 'an integer below the scalar field’s order',
  }),
  StatementSaltRange: () => ({
    what: 'the salt is not canonical',
    expected: 'an integer below the scalar field’s order',
  }),
  // InferenceCoprocessor
  RequestUnknown: ({ requestId }) => ({
    what: 'the coprocessor has no request of this id',
    got: String(requestId),
    hint: 'Check the id, the chain, and that the request’s transaction was mined.',
  }),
  RequestExists: ({ requestId }) => ({
    what: 'the very same request was made before',
    got: String(requestId),
    hint: 'Choose another nonce.',
  }),
  RequestNotOpen: ({ requestId, status }) => ({
    what: 'the request’s status does not allow this',
    got: `${requestId}: ${REQUEST_STATUS_NAMES[Number(status)] ?? status}`,
    hint: 'Open requests are fulfilled or refunded, once; fulfilled ones have an output.',
  }),
  RequestsAreFrozen: () => ({
    what: 'the guardian has stopped new requests',
    hint: 'Open requests are fulfilled and refunded as before.',
  }),
  ModelNotActive: ({ modelId }) => ({
    what: 'the model is frozen',
    got: String(modelId),
    hint: 'Open requests for it can be refunded at once.',
  }),
  ModelPriceChanged: ({ got, current }) => ({
    what: 'the model’s price is another',
    got: String(got),
    expected: String(current),
  }),
  DeadlineRange: ({ deadline }) => ({
    what: 'the deadline is not after now, or too far away',
    got: timeText(deadline),
    expected: 'within 30 days',
  }),
  DeadlinePassed: ({ effectiveDeadline }) => ({
    what: 'the request’s deadline has passed',
    got: 'a later time',
    expected: `not after ${timeText(effectiveDeadline)}`,
    hint: 'Anyone may refund it now: npx zkinfer refund REQUEST_ID',
  }),
  NotRefundable: ({ effectiveDeadline }) => ({
    what: 'the request cannot be refunded yet',
    expected: `a time after ${timeText(effectiveDeadline)}, or a frozen model`,
  }),
  PaymentMismatch: ({ got, expected }) => ({
    what: 'the transaction brings another amount than the terms need',
    got: `${got} wei`,
    expected: `${expected} wei`,
  }),
  TokenAmountMismatch: ({ token, got, expected }) => ({
    what: `the token ${token} moved another amount than it was asked to`,
    got: String(got),
    expected: String(expected),
    hint: 'Tokens that take a fee on transfer cannot pay for requests.',
  }),
  InputHashRange: () => ({
    what: 'the inputHash is not canonical',
    expected: 'an integer below the scalar field’s order',
  }),
  InputHashMismatch: ({ got, expected }) => ({
    what: 'the inputHash is not the commitment to the inline words',
    got: String(got),
    expected: String(expected),
  }),
  InputWords: ({ got, expected }) => ({
    what: 'the request has neither input words nor an inputHash, or another number of words',
    got: `${got} words`,
    expected: `${expected} words`,
    hint: 'Inputs of more than 3 words need an inputHash beside them.',
  }),
  DeliveryTooLarge: ({ words }) => ({
    what: 'the model’s output is too large to be delivered as values',
    got: `${words} words`,
    expected: 'up to 3',
    hint: 'Ask for delivery as a commitment.',
  }),
  OutputHashRange: () => ({
    what: 'the outputHash is not canonical',
    expected: 'an integer below the scalar field’s order',
  }),
  OutputMismatch: () => ({
    what: 'words and salt of the output do not open its hash, or are given where none may be',
  }),
  InvalidProof: () => ({
    what: 'the proof does not show what the request asks for',
    hint: `It must be made for this request, this payee and the registered key. ${AUDIT}`,
  }),
  CallbackTerms: () => ({
    what: 'the callback’s gas limit is too high, or limit and price are not given together',
  }),
  InsufficientCallbackGas: ({ left, needed }) => ({
    what: 'too little gas is left to give the callback its whole limit',
    got: String(left),
    expected: `at least ${needed}`,
    hint: 'Send the transaction with a higher gas limit.',
  }),
  NoCallbackToRetry: ({ requestId }) => ({
    what: 'the request has no failed callback',
    got: String(requestId),
  }),
  BatchSize: ({ got, max }) => ({
    what: 'a batch has too many items, or none',
    got: String(got),
    expected: `1 to ${max}`,
  }),
  NothingToWithdraw: ({ account, token }) => ({
    what: 'the account has nothing to withdraw',
    got: `${account}, ${currencyText(token)}`,
    hint: 'Workers are credited when they fulfil, requesters when they are refunded.',
  }),
  TransferFailed: ({ to, amount }) => ({
    what: 'the receiver refused the payment',
    got: `${amount} to ${to}`,
    hint: 'Withdraw to another address.',
  }),
  Reentered: () => ({ what: 'a callback may not do this' }),
};

const REQUEST_STATUS_NAMES = ['unknown', 'open', 'fulfilled', 'refunded'];

function currencyText(token: unknown): string {
  return token === ZeroAddress ? 'the chain’s own currency' : `token ${token}`;
}

function timeText(timestamp: unknown): string {
  const date = new Date(Number(timestamp) * 1000);
  const isShown = Number.isFinite(date.getTime());
  return isShown ? `${timestamp} (${date.toISOString()})` : String(timestamp);
}
