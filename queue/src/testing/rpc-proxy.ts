/**
 * A bad RPC endpoint in front of a good one: it fails, loses answers, repeats logs, and passes calls
 * on to a machine that lags behind.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SeededRandom } from '@zkinfer/core/testing';

/** What goes wrong, each with this probability for each batch of calls. */
export interface RpcFaults {
  /** The batch is refused with status 503. */
  readonly refused: number;
  /** The batch is carried out and the connection cut. */
  readonly cut: number;
  /** The batch is answered by a machine that lags behind by `lag` blocks. */
  readonly stale: number;
  readonly lag: number;
  /** Each log is given twice. */
  readonly doubled: number;
}

interface RpcCall {
  readonly jsonrpc: '2.0';
  readonly id: number;
  readonly method: string;
  readonly params: unknown[];
}

interface RpcAnswer {
  readonly id: number;
  readonly result?: unknown;
}

/** No faults. */
export const GOOD: RpcFaults = { refused: 0, cut: 0, stale: 0, lag: 0, doubled: 0 };

/** A running proxy on a free port of the loopback. */
export class RpcProxy {
  readonly url: string;
  faults: RpcFaults = GOOD;
  readonly #target: string;
  readonly #random: SeededRandom;
  readonly #server: Server;

  private constructor(target: string, random: SeededRandom, server: Server) {
    this.#target = target;
    this.#random = random;
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** @param target the URL of the good endpoint */
  static async start(target: string, random: SeededRandom): Promise<RpcProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RpcProxy(target, random, server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { refused, cut } = this.faults;
    if (this.#random.boolean(refused)) {
      response.writeHead(503).end();
      return;
    }
    const answers = await this.#carryOut(JSON.parse(Buffer.concat(parts).toString()));
    if (this.#random.boolean(cut)) response.destroy();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answers));
  }

  async #carryOut(body: RpcCall | readonly RpcCall[]): Promise<unknown> {
    const calls = [body].flat();
    const { stale, lag } = this.faults;
    const head = Number(await this.#ask('eth_blockNumber', []));
    const view = this.#random.boolean(stale) ? Math.max(0, head - lag) : head;
    const answers: RpcAnswer[] = await this.#post(calls.map((call) => lagging(call, view)));
    const seen = answers.map((answer) => this.#seenFrom(view, answer));
    return Array.isArray(body) ? seen : seen[0];
  }

  /** What a machine does not have yet is null; of logs it knows less. */
  #seenFrom(view: number, answer: RpcAnswer): RpcAnswer {
    const { result } = answer;
    if (Array.isArray(result)) {
      const known = result.filter(({ blockNumber }) => !(Number(blockNumber) > view));
      const doubled = this.#random.boolean(this.faults.doubled);
      return { ...answer, result: doubled ? known.flatMap((log) => [log, log]) : known };
    }
    const { blockNumber, number } = (result ?? {}) as { blockNumber?: string; number?: string };
    const at = Number(blockNumber ?? number ?? 0);
    return at > view ? { ...answer, result: null } : answer;
  }

  async #ask(method: string, params: unknown[]): Promise<unknown> {
    const [answer] = await this.#post([{ jsonrpc: '2.0', id: 1, method, params }]);
    return answer!.result;
  }

  async #post(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(calls);
    const response = await fetch(this.#target, { method: 'POST', headers, body });
    return (await response.json()) as RpcAnswer[];
  }
}

/** A call as a machine understands it whose latest block is `view`. */
function lagging(call: RpcCall, view: number): RpcCall {
  const tag = `0x${view.toString(16)}`;
  const params = call.params.map((param) => (param === 'latest' ? tag : param));
  if (call.method !== 'eth_getLogs') return { ...call, params };
  const { fromBlock, toBlock, ...rest } = params[0] as { fromBlock: string; toBlock: string };
  const first = Math.min(Number(fromBlock), view);
  const last = Math.min(Number(toBlock), view);
  const range = { fromBlock: `0x${first.toString(16)}`, toBlock: `0x${last.toString(16)}` };
  return { ...call, params: [{ ...rest, ...range }] };
}
