/** `deployments/<chainId>.json` on disk. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IntegrityError } from '@zkinfer/core';
import { makeFolder, readError, writeFileAtomically } from '@zkinfer/core/node';
import {
  type ChainDeployments,
  type Deployment,
  decodeDeployments,
  encodeDeployments,
  type UnfinishedDeployment,
} from '../deployment/deployment-record.ts';

/** The deployments of one chain, in a folder with one file for each. */
export class DeploymentsFile {
  readonly path: string;
  readonly #folder: string;
  readonly #chainId: bigint;

  /** @param folder made when something is written */
  constructor(folder: string, chainId: bigint) {
    this.#folder = folder;
    this.#chainId = chainId;
    this.path = join(folder, `${chainId}.json`);
  }

  /**
   * What is known about the chain; empty before the first deployment.
   * @throws InputError CORE_JSON_*; IntegrityError CONTRACTS_DEPLOYMENTS_CHAIN; EnvironmentError
   *   CORE_READ_FAILED
   */
  async read(): Promise<ChainDeployments> {
    const text = await this.#text();
    if (text === undefined) return { chainId: this.#chainId, deployments: [] };
    const content = decodeDeployments(text);
    if (content.chainId === this.#chainId) return content;
    throw new IntegrityError({
      code: 'CONTRACTS_DEPLOYMENTS_CHAIN',
      what: `${this.path} is about another chain than its name says`,
      got: content.chainId.toString(),
      expected: this.#chainId.toString(),
    });
  }

  /** Keeps how far a deployment has come. @throws as `read`, and EnvironmentError CORE_WRITE_* */
  async putUnfinished(unfinished: UnfinishedDeployment): Promise<void> {
    await this.#write({ ...(await this.read()), unfinished });
  }

  /** Adds a finished deployment behind the others. @throws as `putUnfinished` */
  async append(deployment: Deployment): Promise<void> {
    const { chainId, deployments } = await this.read();
    await this.#write({ chainId, deployments: [...deployments, deployment] });
  }

  async #write(content: ChainDeployments): Promise<void> {
    await makeFolder(this.#folder);
    await writeFileAtomically(this.path, encodeDeployments(content));
  }

  async #text(): Promise<string | undefined> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw readError(cause, this.path);
    }
  }
}
