/** Asks a service, and holds every answer to the schema that its OpenAPI document promises. */
import assert from 'node:assert/strict';
import { SERVICE_PATHS } from '@zkinfer/core/service';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';

/** What is sent. */
export interface CheckedRequest {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is bytes. */
  readonly body?: unknown;
}

/** What came back. */
export interface CheckedAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: it was checked against the schema
  readonly body: any;
  /** The code of an error. */
  readonly code: string | undefined;
}

interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema: TSchema }> }>;
}

/** The document, as far as answers are looked up in it. */
export interface OpenApiDocument {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, TSchema> };
}

/** A client of one service. */
export class CheckedClient {
  readonly #url: string;
  readonly document: OpenApiDocument;

  private constructor(url: string, document: OpenApiDocument) {
    this.#url = url;
    this.document = document;
  }

  static async connect(url: string): Promise<CheckedClient> {
    const answer = await fetch(url + SERVICE_PATHS.openApi);
    return new CheckedClient(url, (await answer.json()) as OpenApiDocument);
  }

  get(path: string, request: CheckedRequest = {}): Promise<CheckedAnswer> {
    return this.ask('GET', path, request);
  }

  post(path: string, request: CheckedRequest = {}): Promise<CheckedAnswer> {
    return this.ask('POST', path, request);
  }

  async ask(method: string, path: string, request: CheckedRequest): Promise<CheckedAnswer> {
    const { key, headers, body } = request;
    const isBytes = body instanceof Uint8Array;
    const answer = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    const read = isJson ? JSON.parse(text) : text;
    this.#check(method, path, answer.status, isJson, read);
    const code = isJson ? read?.error?.code : undefined;
    return { status: answer.status, headers: answer.headers, body: read, code };
  }

  #check(method: string, path: string, status: number, isJson: boolean, body: unknown): void {
    const operation = this.#operation(method, path);
    if (operation === undefined) return;
    const { responses } = operation;
    const promised = responses[status];
    assert.ok(promised, `${method} ${path} answers ${status}, which the document does not promise`);
    const schema = promised.content?.['application/json']?.schema;
    if (!isJson) return;
    assert.ok(schema, `${method} ${path} answers ${status} with JSON, which is not promised`);
    const whole = resolveReferences(schema, this.document) as TSchema;
    const [first] = Value.Errors(whole, body);
    assert.equal(
      first,
      undefined,
      `${method} ${path} ${status}: ${first?.instancePath} ${first?.message}`,
    );
  }

  #operation(method: string, path: string): Operation | undefined {
    const plain = path.split('?')[0]!;
    const found = Object.entries(this.document.paths).find(([pattern]) =>
      new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(plain),
    );
    return found?.[1][method.toLowerCase()];
  }
}

/** The schema with its references replaced by what they name. */
export function resolveReferences(schema: unknown, document: OpenApiDocument): unknown {
  if (Array.isArray(schema)) return schema.map((part) => resolveReferences(part, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema && typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/components/schemas/', '');
    const found = document.components.schemas[name];
    assert.ok(found, `the document has no ${schema.$ref}`);
    return resolveReferences(found, document);
  }
  const entries = Object.entries(schema).map(([key, part]) => [
    key,
    resolveReferences(part, document),
  ]);
  return Object.fromEntries(entries);
}
