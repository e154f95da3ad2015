/** What a compiled directory with keys says about itself on chain. */
import { type CompiledModel, inputLayoutsOf, outputLayoutsOf } from '@zkinfer/circuits';
import {
  COMMITMENT_KIND,
  commitmentHeader,
  type PackedLayout,
  SETUP_FILES,
  sha256Hex,
  type VerificationKeyJson,
  wordCount,
} from '@zkinfer/core';
import { readVerificationKey, requireSetupRecord, type SetupRecord } from '@zkinfer/prover';
import {
  type ModelIdentity,
  type TensorSpec,
  verificationKeyHash,
} from '@zkinfer/verifier-contracts';

/** A directory's part of a registration; owner and prices are the registrant's. */
export interface DirectoryRegistration {
  readonly identity: ModelIdentity;
  readonly verificationKey: VerificationKeyJson;
  readonly keyHash: string;
  readonly kind: SetupRecord['kind'];
}

/** The transcript of a development setup: there is none. */
const NO_TRANSCRIPT = `0x${'0'.repeat(64)}`;

/**
 * Digests, specifications, key and transcript of a directory.
 * @throws InputError PROVER_NO_KEY; IntegrityError CORE_ARTIFACT_TAMPERED, PROVER_VERIFICATION_KEY_MIXED
 */
export async function registrationOf(model: CompiledModel): Promise<DirectoryRegistration> {
  const { directory, network } = model;
  const { kind } = await requireSetupRecord(directory);
  const verificationKey = await readVerificationKey(directory);
  const transcript = await directory.readText(SETUP_FILES.record);
  const { modelDigest, circuitDigest } = directory.manifest;
  return {
    kind,
    verificationKey,
    keyHash: verificationKeyHash(verificationKey),
    identity: {
      modelDigest: `0x${modelDigest}`,
      circuitDigest: `0x${circuitDigest}`,
      transcriptHash: kind === 'development' ? NO_TRANSCRIPT : `0x${sha256Hex(transcript)}`,
      inputSpec: specOf(COMMITMENT_KIND.input, inputLayoutsOf(network)),
      outputSpec: specOf(COMMITMENT_KIND.output, outputLayoutsOf(network)),
    },
  };
}

function specOf(kind: number, layouts: readonly PackedLayout[]): TensorSpec {
  const { count, bits } = commitmentHeader(kind, layouts);
  return { count: BigInt(count), bits: BigInt(bits), words: BigInt(wordCount(layouts)) };
}
