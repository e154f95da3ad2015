/**
 * Transactions of one account, many at a time, whose nonces are counted here: what a
 * reorganisation takes out of the chain is sent again, as wallets do.
 */
import type { JsonRpcApiProvider } from '@zkinfer/verifier-contracts';
import { developmentWallet } from '@zkinfer/verifier-contracts/node';

/** A call to send. */
export interface SentCall {
  readonly to: string;
  readonly data: string;
  readonly value?: bigint;
  readonly gasLimit: bigint;
}

const GWEI = 10n ** 9n;
const CHAIN_ID = 31337n;

/** One account's. */
export class SignedStream {
  readonly address: string;
  readonly #wallet: ReturnType<typeof developmentWallet>;
  readonly #provider: JsonRpcApiProvider;
  readonly #signed: string[] = [];

  /** @param account one of anvil's that has sent nothing yet */
  constructor(account: number, provider: JsonRpcApiProvider) {
    this.#wallet = developmentWallet(account);
    this.#provider = provider;
    this.address = this.#wallet.address;
  }

  async send(call: SentCall): Promise<void> {
    const fees = { type: 2, maxFeePerGas: 500n * GWEI, maxPriorityFeePerGas: GWEI };
    const nonce = this.#signed.length;
    this.#signed.push('');
    const raw = await this.#wallet.signTransaction({ ...call, ...fees, nonce, chainId: CHAIN_ID });
    this.#signed[nonce] = raw;
    await this.#broadcast(raw);
  }

  /** Sends again what is not in the chain. */
  async sendAgain(): Promise<void> {
    const mined = await this.#provider.getTransactionCount(this.address, 'latest');
    await Promise.all(this.#signed.slice(mined).map((raw) => this.#broadcast(raw)));
  }

  /** What the node has already, or has mined meanwhile, it refuses; that is fine. */
  async #broadcast(raw: string): Promise<void> {
    await this.#provider.send('eth_sendRawTransaction', [raw]).catch((error: unknown) => {
      if (/already|nonce too low/i.test(String(error))) return;
      throw error;
    });
  }
}
