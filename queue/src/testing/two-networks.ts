/**
 * The public internet and a machine's own network, both on loopback: 127.0.0.2 is public here,
 * 127.0.0.1 private. Servers of both speak TLS as *.zkinfer.test at one port, so that it is the
 * address alone that tells them apart; a store of the operator's speaks HTTP on the private one.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { UrlFetcher, type UrlFetcherOptions } from '../fetch-url/url-fetcher.ts';
import type { UrlNetwork } from '../fetch-url/url-network.ts';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './test-certificate.ts';

/** Answers a request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The address of the public server. */
export const PUBLIC = '127.0.0.2';
/** The address of what nobody else may reach. */
export const PRIVATE = '127.0.0.1';

const LARGEST_BYTES = 1000;
/** Long enough on a busy machine. */
const TIMEOUT_MS = 20_000;
const TLS = { cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY };

/** Both networks, running. */
export class TwoNetworks {
  /** What the public server does. */
  handle: Handler = sayHello;
  /** What the private servers do. */
  handlePrivate: Handler = sayHello;
  /** How many requests the private servers got. */
  privateRequests = 0;
  readonly #servers: readonly (Server & { closeAllConnections(): void })[];

  private constructor() {
    const onPrivate: Handler = (request, response) => {
      this.privateRequests++;
      this.handlePrivate(request, response);
    };
    const onPublic: Handler = (request, response) => this.handle(request, response);
    this.#servers = [
      createSecureServer(TLS, onPrivate),
      createSecureServer(TLS, onPublic),
      createServer(onPrivate),
    ];
  }

  static async start(): Promise<TwoNetworks> {
    const networks = new TwoNetworks();
    const [ofMachine, ofInternet, store] = networks.#servers;
    const port = await listen(ofMachine!, PRIVATE);
    await listen(ofInternet!, PUBLIC, port);
    await listen(store!, PRIVATE);
    return networks;
  }

  /** Of the TLS servers. */
  get port(): number {
    return portOf(this.#servers[0]!);
  }

  /** Of the operator's own store. */
  get storeOrigin(): string {
    return `http://${PRIVATE}:${portOf(this.#servers[2]!)}`;
  }

  urlOf(path = '/', host = 'a.zkinfer.test'): string {
    return `https://${host}:${this.port}${path}`;
  }

  /** The body behind a URL as text, 1000 bytes at most. */
  async get(url = this.urlOf(), fetcher = fetcherOf()): Promise<string> {
    return new TextDecoder().decode(await fetcher.get(url, { largestBytes: LARGEST_BYTES }));
  }

  /** As it was at the start. */
  reset(): void {
    this.handle = sayHello;
    this.handlePrivate = sayHello;
    this.privateRequests = 0;
  }

  close(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

/** What a name server answers, one after the other; the last one stays. */
export function networkOf(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const network: UrlNetwork = {
    async resolve(hostname) {
      asked.push(hostname);
      return answers[Math.min(asked.length, answers.length) - 1]!;
    },
    isPublic: (address) => address === PUBLIC,
    certificateAuthority: TEST_CERTIFICATE,
  };
  return { network, asked };
}

/** A fetcher for which every name is public, unless told otherwise. */
export function fetcherOf(options: UrlFetcherOptions = {}): UrlFetcher {
  return new UrlFetcher({ timeoutMs: TIMEOUT_MS, ...networkOf([PUBLIC]), ...options });
}

function sayHello(_: IncomingMessage, response: ServerResponse): void {
  response.end('hello');
}

async function listen(server: Server, host: string, port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return portOf(server);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
