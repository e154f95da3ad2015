/** A host that inputs are said to be at, and that never gives one. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const TRICKLE_MS = 500;
const CHUNK = Buffer.alloc(64 * 1024, ' ');

/** What its paths do. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  '/withheld': withhold,
  '/silent': () => {},
  '/slow': trickle,
  '/huge': flood,
  '/said-to-be-huge': (response) => response.writeHead(200, { 'content-length': 2 ** 40 }).end(),
  '/round-and-round': (response) => redirect(response, '/round-and-round'),
  '/elsewhere': (response) => redirect(response, 'http://127.0.0.1:9/private'),
  '/broken': (response, { socket }) => {
    response.writeHead(200, { 'content-length': 100 }).write('{');
    socket.resetAndDestroy();
  },
  '/no-envelope': (response) => response.end('{"version":1}'),
};

/** On the loopback; a service must be told to fetch from it. */
export class HostileHost {
  /** Such as http://127.0.0.1:1234. */
  readonly origin: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<HostileHost> {
    const server = createServer((request, response) =>
      ANSWERS[`${request.url}`]!(response, request),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileHost(server);
  }

  /** One for each of its ways. */
  get uris(): readonly string[] {
    return Object.keys(ANSWERS).map((path) => this.origin + path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function withhold(response: ServerResponse): void {
  response.writeHead(404).end();
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end();
}

/** Never silent for long, and never at an end. */
function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), TRICKLE_MS);
  response.on('close', () => clearInterval(timer));
}

/** As fast as it is read, until whoever reads has had enough. */
function flood(response: ServerResponse): void {
  const pour = () => {
    while (response.write(CHUNK));
  };
  response.on('drain', pour);
  pour();
}
