/** Whether what is registered on a chain is what a compiled directory holds. */
import type { CompiledModel } from '@zkinfer/circuits';
import type { AuditFinding } from '@zkinfer/prover';
import {
  CONTRACT_NAMES,
  checkedCodeHash,
  DEPLOYED_ARTIFACTS,
  type ModelIdentity,
  ModelState,
} from '@zkinfer/verifier-contracts';
import { type ChainOptions, clientsOf, connectChain, openDeployment } from './chain-options.ts';
import { registrationOf } from './model-registration.ts';

/** Which registration to compare. */
export interface AuditChainOptions extends ChainOptions {
  /** By default the only registration of this network and key. */
  readonly modelId?: string;
}

/**
 * Compares contracts and registration with this version's code and the directory's files.
 * @throws InputError CONTRACTS_MODEL_UNKNOWN, CONTRACTS_MODEL_NOT_REGISTERED,
 *   CONTRACTS_MODEL_AMBIGUOUS, CONTRACTS_NOT_DEPLOYED; as `onChain`
 */
export async function auditChain(
  model: CompiledModel,
  options: AuditChainOptions,
): Promise<AuditFinding[]> {
  const { provider, chainId } = await connectChain(options);
  const deployment = await openDeployment(options, chainId);
  const { registry, verifier } = clientsOf(deployment, provider);
  const { identity, keyHash } = await registrationOf(model);
  const { blockNumber } = deployment.contracts.ModelRegistry;
  const modelId =
    options.modelId ?? (await registry.find(identity.modelDigest, keyHash, blockNumber));
  const registered = await registry.model(modelId);
  const codes = await Promise.all(
    CONTRACT_NAMES.map(async (name) => {
      const { address, codeHash } = deployment.contracts[name];
      const found = await checkedCodeHash(provider, address, DEPLOYED_ARTIFACTS[name]).catch(
        () => undefined,
      );
      return same(`the code of ${name} on chain is this version’s`, found, codeHash);
    }),
  );
  return [
    ...codes,
    same('the registered key is the directory’s', registered.keyHash, keyHash),
    same('the verifier has this key', await verifier.hasKey(keyHash), true),
    ...identityFindings(registered.identity, identity),
    same(
      'the model’s id follows from owner, key and identity',
      modelId,
      await registry.modelIdOf(registered.owner, keyHash, identity),
    ),
    same('the model is active', registered.state, ModelState.Active),
  ];
}

function identityFindings(registered: ModelIdentity, own: ModelIdentity): AuditFinding[] {
  const { modelDigest, circuitDigest, transcriptHash } = registered;
  return [
    same('the registered network is the directory’s', modelDigest, own.modelDigest),
    same('the registered circuit is the directory’s', circuitDigest, own.circuitDigest),
    same('the registered transcript is setup.json', transcriptHash, own.transcriptHash),
    sameSpec('input', registered.inputSpec, own.inputSpec),
    sameSpec('output', registered.outputSpec, own.outputSpec),
  ];
}

function sameSpec(
  kind: string,
  registered: ModelIdentity['inputSpec'],
  own: ModelIdentity['inputSpec'],
): AuditFinding {
  const text = (spec: ModelIdentity['inputSpec']) =>
    `${spec.count} elements of ${spec.bits} bits in ${spec.words} words`;
  return same(`the registered ${kind} has the network’s shape`, text(registered), text(own));
}

function same<T>(check: string, got: T, expected: T): AuditFinding {
  if (got === expected) return { check, outcome: 'passed' };
  return { check, outcome: 'failed', detail: `got ${got}, expected ${expected}` };
}
