/** Serves the built page and what a test wants it to be told, and counts what the page asks for. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { type JobView, type Overview, SERVICE_PATHS } from '@zkinfer/core/service';
import { DASHBOARD_DIRECTORY } from '../dashboard-directory.ts';
import { DASHBOARD_SECURITY_POLICY } from '../dashboard-security-policy.ts';
import { sampleJobs, sampleOverview, sampleResult } from './sample-figures.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The server of one test; its answers may be changed at any time. */
export class DashboardServer {
  overview: () => Overview = () => sampleOverview(Date.now());
  jobs: () => readonly JobView[] = () => sampleJobs(Date.now());
  /** Answers 401 as after the end of a session, or 503 as behind a proxy. */
  refuses: 401 | 503 | undefined;
  /** Refuses lists of jobs alone. */
  refusesLists = false;
  /** `METHOD path` of each request to the API. */
  readonly asked: string[] = [];
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #streams = new Set<ServerResponse>();

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}${SERVICE_PATHS.dashboard}`;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<DashboardServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DashboardServer(server);
  }

  /** As it was at its start. */
  reset(): void {
    this.overview = () => sampleOverview(Date.now());
    this.jobs = () => sampleJobs(Date.now());
    this.refuses = undefined;
    this.refusesLists = false;
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** How many streams of updates browsers have open. */
  get openStreams(): number {
    return this.#streams.size;
  }

  /** Tells everybody who follows a job of this. */
  push(job: JobView): void {
    for (const stream of this.#streams) sendEvent(stream, job);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    if (pathname.startsWith(SERVICE_PATHS.dashboard)) return sendFile(pathname, response);
    if (pathname === SERVICE_PATHS.login) return send(response, 200, '.html', 'sign in here');
    this.asked.push(`${request.method} ${pathname}`);
    if (this.refuses !== undefined) return send(response, this.refuses, '.html', 'no');
    if (pathname === SERVICE_PATHS.overview) return sendJson(response, this.overview());
    if (pathname === SERVICE_PATHS.operatorJobs) {
      if (this.refusesLists) return sendRefusal(response, 'QUEUE_JOB_UNKNOWN');
      const status = searchParams.get('status');
      const jobs = this.jobs().filter((job) => status === null || job.status === status);
      return sendJson(response, { jobs, next: null });
    }
    this.#answerForJob(pathname, response);
  }

  #answerForJob(path: string, response: ServerResponse): void {
    const job = this.jobs().find(({ id, chain }) => {
      return path.includes(id) || (chain !== null && path.includes(chain.requestId));
    });
    if (job === undefined) sendRefusal(response, 'QUEUE_JOB_UNKNOWN');
    else if (path.endsWith('/result')) sendJson(response, sampleResult(job.id));
    else if (path.endsWith('/updates')) this.#stream(job, response);
    else sendJson(response, job);
  }

  #stream(job: JobView, response: ServerResponse): void {
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    sendEvent(response, job);
  }
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const name = path.slice(SERVICE_PATHS.dashboard.length) || 'index.html';
  try {
    const content = await readFile(new URL(name, DASHBOARD_DIRECTORY));
    send(response, 200, extname(name), content);
  } catch {
    send(response, 404, '.html', 'no such file');
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function sendEvent(response: ServerResponse, job: JobView): void {
  response.write(`data: ${JSON.stringify(job)}\n\n`);
}

function sendRefusal(response: ServerResponse, code: string): void {
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code, what: 'there is no such job' } }));
}

function send(response: ServerResponse, status: number, extension: string, body: string | Buffer) {
  response.writeHead(status, {
    'content-type': MEDIA_TYPES[extension] ?? 'application/octet-stream',
    'content-security-policy': DASHBOARD_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
