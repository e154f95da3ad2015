/**
 * Sends the transactions of one signer on one chain. What is wanted is an *intent*, named by whoever
 * wants it; it gets a nonce, and all transactions that are ever signed for that nonce are stored
 * before they are sent. So of one intent at most one transaction is mined, whatever crashes when,
 * and a nonce that was reserved is always used: there are no gaps.
 *
 *     reserved ─sign─▶ signed ─send─▶ broadcast ─▶ mined | cancelled | replaced ─▶ final
 *
 * The account must send nothing elsewhere; if it does, intents whose nonce was taken end as
 * `replaced` and may be submitted again.
 */
import { EnvironmentError, InputError, type Logger, SILENT_LOGGER } from '@zkinfer/core';
import type { Signer } from '@zkinfer/verifier-contracts';
import { Leases } from '../store/leases.ts';
import type { StoredRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { ChainBlock, TransactionCall, TransactionNode } from './chain-node.ts';
import { feeCap, leastFee, withHeadroom } from './fees.ts';
import { findInclusion } from './find-inclusion.ts';
import {
  type Intent,
  type IntentStatus,
  intentStatusOf,
  isSameCall,
  unsignedRecord,
} from './intent.ts';
import { LEASE_MS, LeaseKeeper } from './lease-keeper.ts';
import { nextStep, type Step, type StreamView } from './next-step.ts';
import { type LeaseGuard, mayBeSentAgain, NonceStream } from './nonce-stream.ts';
import { PollLoop } from './poll-loop.ts';
import type { SendingPolicy } from './sending-policy.ts';
import { type SigningOrigin, signAttempt, unmined } from './sign-attempt.ts';
import {
  isAccepted,
  latestAttempt,
  type TransactionAttempt,
  type TransactionRecord,
} from './transaction-record.ts';

/** What a round found. */
export interface StreamSummary {
  /** Nonces that are not final. */
  readonly open: number;
  /** Of them, those whose latest transaction no node took. */
  readonly refused: number;
}

/** What a sender needs. */
export interface TransactionSenderOptions {
  readonly store: Store;
  readonly node: TransactionNode;
  /** Signs, and is asked for nothing else; a key service is one, too. */
  readonly signer: Pick<Signer, 'getAddress' | 'signTransaction'>;
  readonly policy: SendingPolicy;
  /** Unique to this process and run. */
  readonly holder: string;
  /** How long others wait for the nonces of a holder that died. */
  readonly leaseMs?: number;
  readonly logger?: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The nonces of one signer, at work. */
export class TransactionSender {
  /** Of the signer. */
  readonly address: string;
  readonly #node: TransactionNode;
  readonly #signer: TransactionSenderOptions['signer'];
  readonly #policy: SendingPolicy;
  readonly #stream: NonceStream;
  readonly #lease: LeaseKeeper;
  readonly #log: Logger;
  readonly #now: () => number;
  #loop: PollLoop | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(address: string, options: TransactionSenderOptions) {
    const { store, node, signer, policy, holder, leaseMs = LEASE_MS } = options;
    this.address = address;
    this.#node = node;
    this.#signer = signer;
    this.#policy = policy;
    this.#now = options.now ?? Date.now;
    this.#log = options.logger ?? SILENT_LOGGER;
    this.#stream = new NonceStream(store, node.chainId, address);
    const leases = new Leases(store, this.#now);
    this.#lease = new LeaseKeeper(leases, this.#stream.name, holder, leaseMs, this.#now);
  }

  static async open(options: TransactionSenderOptions): Promise<TransactionSender> {
    return new TransactionSender(await options.signer.getAddress(), options);
  }

  /**
   * Simulates an intent, reserves a nonce for it and sends it. One that is known already, here or
   * by another signer's sender, is left as it is; unless something else has finally used its nonce:
   * then it gets another.
   * @throws RevertError CONTRACTS_… when the call would revert; InputError QUEUE_INTENT_DIFFERS,
   *   CONTRACTS_INSUFFICIENT_FUNDS; EnvironmentError QUEUE_FEE_ABOVE_CAP, QUEUE_NONCES_REOPENED,
   *   QUEUE_LEASE_TAKEN, QUEUE_LEASE_LOST, CONTRACTS_RPC_*. After the last two it may have been reserved: submit again.
   */
  async submit(intent: Intent): Promise<IntentStatus> {
    const known = await this.#known(intent);
    if (known !== undefined) return known;
    const gasLimit = intent.gasLimit ?? (await this.#gasLimit(intent.call));
    const cap = feeCap(this.#policy.maxFeePerGas, intent.maxCost, gasLimit);
    return this.#alone(async () => {
      const guard = await this.#lease.guard();
      const { view } = await this.#look();
      requireAffordable(cap, leastFee(view.market));
      // What it is about may be among what is open again: whoever submits looks once more.
      if (await this.#reopen(view, guard)) throw reorganised();
      const fresh = unsignedRecord(intent, gasLimit, cap, view.now);
      const stored = await this.#stream.reserve(fresh, view.used, guard);
      if (stored === undefined) return (await this.status(intent.id))!;
      return intentStatusOf((await this.#step(stored, view)).record);
    });
  }

  /** How far an intent has come; undefined if it is not known. */
  async status(intentId: string): Promise<IntentStatus | undefined> {
    const found = await this.#stream.ofIntent(intentId);
    return found && intentStatusOf(found.stored.record);
  }

  /**
   * Gives an intent up: an empty transfer takes its nonce, unless it is mined before that. Only
   * `advance` tells which of both it was.
   * @returns whether there was something to give up
   * @throws EnvironmentError QUEUE_LEASE_TAKEN, QUEUE_LEASE_LOST, also for an intent of another signer
   */
  cancel(intentId: string): Promise<boolean> {
    return this.#alone(async () => {
      const found = await this.#stream.ofIntent(intentId);
      if (found === undefined || found.stored.record.final) return false;
      if (found.stream !== this.#stream.name) throw otherSigner(intentId);
      const guard = await this.#lease.guard();
      await this.#stream.update(found.stored, { cancelWanted: true }, guard);
      return true;
    });
  }

  /**
   * One round over all nonces that are not final: finds out what was mined, signs what was
   * reserved, sends again what may be lost, replaces what is stuck.
   * @throws EnvironmentError QUEUE_LEASE_TAKEN, QUEUE_LEASE_LOST, CONTRACTS_RPC_*
   */
  advance(): Promise<StreamSummary> {
    return this.#alone(async () => {
      const guard = await this.#lease.guard();
      const { head, view } = await this.#look();
      await this.#reopen(view, guard);
      const open = await this.#stream.open();
      if (open.length === 0) return { open: 0, refused: 0 };
      const after: TransactionRecord[] = [];
      for (const stored of open) after.push((await this.#advanceOne(stored, head, view)).record);
      const firstOpen = after.find(({ final }) => !final)?.nonce ?? after.at(-1)!.nonce + 1;
      await this.#stream.settle(firstOpen, await this.#lease.guard());
      return summaryOf(after);
    });
  }

  /**
   * Forgets intents that are final and were signed before a time; how many. Submitting one of them
   * again would send it again: choose a time beyond which nobody does.
   * @param signedBefore milliseconds since 1970
   * @throws EnvironmentError QUEUE_LEASE_TAKEN, QUEUE_LEASE_LOST
   */
  prune(signedBefore: number): Promise<number> {
    return this.#alone(async () => this.#stream.prune(signedBefore, await this.#lease.guard()));
  }

  /** Calls `advance` until `close`; failures are logged, and tried again ever later. */
  start(intervalMs: number): void {
    this.#loop ??= new PollLoop(() => this.advance(), {
      intervalMs,
      logger: this.#log,
      failed: `sending of ${this.address} failed`,
    });
  }

  /** Ends what is under way and lets others have the signer at once. */
  async close(): Promise<void> {
    await this.#loop?.stop();
    await this.#alone(() => this.#lease.release());
  }

  async #known({ id, call }: Intent): Promise<IntentStatus | undefined> {
    const found = await this.#stream.ofIntent(id);
    if (found === undefined || mayBeSentAgain(found.stored.record)) return undefined;
    if (isSameCall(found.stored.record.call, call)) return intentStatusOf(found.stored.record);
    throw new InputError({
      code: 'QUEUE_INTENT_DIFFERS',
      what: `the intent ${id} was submitted before with another call`,
      expected: 'another id for another call',
    });
  }

  async #gasLimit(call: TransactionCall): Promise<bigint> {
    return withHeadroom(await this.#node.simulate(this.address, call));
  }

  /** At once: ethers makes one batch of it, which one machine answers. */
  async #look(): Promise<{ head: ChainBlock; view: StreamView }> {
    const [head, used, priorityFeePerGas] = await Promise.all([
      this.#node.head(),
      this.#node.nonceCount(this.address),
      this.#node.priorityFee(),
    ]);
    const market = { baseFeePerGas: head.baseFeePerGas, priorityFeePerGas };
    return { head, view: { now: this.#now(), used, market } };
  }

  async #reopen({ used }: StreamView, guard: LeaseGuard): Promise<boolean> {
    const isReopened = await this.#stream.reopen(used, guard);
    if (isReopened) this.#log.error({ used }, 'final nonces are unused: a deep reorganisation');
    return isReopened;
  }

  async #advanceOne(
    stored: StoredRecord<TransactionRecord>,
    head: ChainBlock,
    view: StreamView,
  ): Promise<StoredRecord<TransactionRecord>> {
    const { record } = stored;
    if (record.final) return stored;
    if (record.nonce >= view.used) return this.#step(await this.#unmined(stored), view);
    const { confirmations } = this.#policy;
    const fate = await findInclusion(this.#node, this.address, record, head, confirmations);
    if (fate === undefined || isKnownFate(record, fate)) return stored;
    this.#log.info({ ...namesOf(record), ...fate }, 'nonce used');
    return this.#stream.update(stored, fate, await this.#lease.guard());
  }

  /** What was mined in a block that is gone waits again. */
  async #unmined(
    stored: StoredRecord<TransactionRecord>,
  ): Promise<StoredRecord<TransactionRecord>> {
    const { state } = stored.record;
    if (state !== 'mined' && state !== 'cancelled') return stored;
    this.#log.warn(namesOf(stored.record), 'transaction is in the chain no more');
    return this.#stream.update(stored, unmined(stored.record), await this.#lease.guard());
  }

  async #step(
    stored: StoredRecord<TransactionRecord>,
    view: StreamView,
  ): Promise<StoredRecord<TransactionRecord>> {
    const step = nextStep(stored.record, view, this.#policy);
    if (step.do === 'wait') return stored;
    return this.#send(step.do === 'sign' ? await this.#sign(stored, step, view) : stored);
  }

  async #sign(
    stored: StoredRecord<TransactionRecord>,
    { purpose, fees }: Extract<Step, { do: 'sign' }>,
    { now, market }: StreamView,
  ): Promise<StoredRecord<TransactionRecord>> {
    const { record } = stored;
    const origin: SigningOrigin = {
      signer: this.#signer,
      address: this.address,
      chainId: this.#node.chainId,
      legacyFees: market.baseFeePerGas === null,
    };
    const attempt = await signAttempt(origin, record, purpose, fees, now);
    const attempts = [...record.attempts, attempt];
    const state = record.state === 'reserved' ? 'signed' : record.state;
    return this.#stream.update(stored, { attempts, state }, await this.#lease.guard());
  }

  async #send(stored: StoredRecord<TransactionRecord>): Promise<StoredRecord<TransactionRecord>> {
    const { record } = stored;
    const latest = latestAttempt(record)!;
    const answer = await this.#node.broadcast(latest.raw);
    const { purpose, hash } = latest;
    this.#log.info({ ...namesOf(record), purpose, hash, answer }, 'transaction sent');
    const sentAt = this.#now();
    const firstSentAt = latest.firstSentAt ?? sentAt;
    const sent: TransactionAttempt = { ...latest, firstSentAt, sentAt, answer };
    const attempts = [...record.attempts.slice(0, -1), sent];
    const state = isAccepted(sent) ? 'broadcast' : record.state;
    return this.#stream.update(stored, { attempts, state }, await this.#lease.guard());
  }

  /** One after the other: nonces are reserved and sent in their order. */
  #alone<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

function summaryOf(records: readonly TransactionRecord[]): StreamSummary {
  const open = records.filter(({ final }) => !final);
  const refused = open.filter((record) => {
    const latest = latestAttempt(record);
    return record.inclusion === null && latest !== undefined && !isAccepted(latest);
  });
  return { open: open.length, refused: refused.length };
}

function isKnownFate(record: TransactionRecord, fate: Partial<TransactionRecord>): boolean {
  const sameBlock = record.inclusion?.blockHash === fate.inclusion?.blockHash;
  return record.state === fate.state && record.final === fate.final && sameBlock;
}

/** For logs: no transaction, which whoever reads it could send. */
function namesOf({ nonce, intentId, state }: TransactionRecord) {
  return { nonce, intentId, state };
}

function requireAffordable(cap: bigint, baseFeePerGas: bigint): void {
  if (cap > baseFeePerGas) return;
  throw new EnvironmentError({
    code: 'QUEUE_FEE_ABOVE_CAP',
    what: 'the chain asks for more than the transaction is worth, or may cost',
    got: `a base fee of ${baseFeePerGas} wei per gas`,
    expected: `less than ${cap}`,
    hint: 'Wait until it falls, or raise the cap of the policy.',
  });
}

function reorganised(): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_NONCES_REOPENED',
    what: 'transactions that were final are in the chain no more, and are sent again first',
    hint: 'Submit again. Confirmations of this chain are too few if this comes often.',
  });
}

function otherSigner(intentId: string): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_LEASE_TAKEN',
    what: `the intent ${intentId} is sent by another signer`,
    hint: 'Cancel it there.',
  });
}
