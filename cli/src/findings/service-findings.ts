/** What `zkinfer serve` would meet with a configuration. */
import { readFile } from 'node:fs/promises';
import { readError } from '@zkinfer/core/node';
import { dataLayout, loadServiceConfig, type ServiceConfig } from '@zkinfer/queue';
import { chainFinding } from './chain-finding.ts';
import { dataFinding } from './data-finding.ts';
import { failedFinding } from './failed-finding.ts';
import type { Finding } from './finding.ts';
import { keyFinding, secretFinding } from './key-finding.ts';
import { modelFindings } from './model-findings.ts';
import { redisFinding } from './redis-finding.ts';

/** Whether a configuration is valid, and everything that it names is there and works. */
export async function serviceFindings(file: string): Promise<Finding[]> {
  const subject = `configuration ${file}`;
  try {
    const config = await loadServiceConfig({ file });
    const found = `valid, ${config.chains.length} chains`;
    return [
      { subject, state: 'ok', found },
      await dataFinding(config.dataDirectory),
      ...(await redisFindings(config)),
      ...(await Promise.all(chainFindings(config))),
      ...(await Promise.all(secretFindings(config))),
      ...(await modelFindings(config.models)),
    ];
  } catch (error) {
    return [failedFinding(subject, error)];
  }
}

async function redisFindings({ redis }: ServiceConfig): Promise<Finding[]> {
  if (redis === undefined) return [];
  const { url, urlFile } = redis;
  if (url !== undefined) return [await redisFinding(url)];
  const secret = await secretFinding('Redis address', urlFile!, 'in a file');
  if (secret.state === 'missing') return [secret];
  const text = await readFile(urlFile!, 'utf8').catch((cause: unknown) => {
    throw readError(cause, urlFile!);
  });
  return [secret, await redisFinding(text.trim())];
}

function chainFindings({ chains }: ServiceConfig): Promise<Finding>[] {
  return chains.flatMap(({ rpc, chainId }) =>
    rpc.map((url) => chainFinding(url, chainId === undefined ? undefined : BigInt(chainId))),
  );
}

function secretFindings({ chains, http, dataDirectory }: ServiceConfig): Promise<Finding>[] {
  const keys = chains.flatMap(({ signer: { keystore, passwordFile } }) => [
    ...(keystore === undefined ? [] : [keyFinding(keystore)]),
    ...(passwordFile === undefined
      ? []
      : [secretFinding(`password ${passwordFile}`, passwordFile, 'in a file')]),
  ]);
  const apiKeys = http.apiKeys ?? dataLayout(dataDirectory).apiKeys;
  return http.anonymous ? keys : [...keys, secretFinding('API keys', apiKeys, 'in a file')];
}
