/** What is delivered for a job: its proof and, where wanted, the words of its output. */
import { IntegrityError, type ProofJson, publicSignalsOf } from '@zkinfer/core';
import { readSchema } from '@zkinfer/core/service';
import { encodeProof, type Fulfilment } from '@zkinfer/verifier-contracts';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { ChainRequest } from '../jobs/inference-request.ts';
import { OutputBlobSchema, ProofBlobSchema, requireStageResult } from '../jobs/stage-results.ts';
import type { StageTask } from '../jobs/stage-task.ts';

/**
 * Reads a job's proof and output.
 * @throws InputError CORE_SCHEMA, CONTRACTS_PROOF_MALFORMED; IntegrityError QUEUE_PROOF_UNRELATED
 *   when the proof is not of this input; as `BlobStore`
 */
export async function fulfilmentOf(
  { results }: Pick<StageTask, 'results'>,
  chain: ChainRequest,
  blobs: BlobStore,
  signal: AbortSignal,
): Promise<Fulfilment> {
  const { proof: proofDigest } = requireStageResult(results, 'prove');
  const read = async (sha256: string) =>
    JSON.parse(Buffer.from(await blobs.get(sha256, { signal })).toString()) as unknown;
  const proofBlob = readSchema(ProofBlobSchema, await read(proofDigest), 'a proof');
  const { outputHash, inputHash } = publicSignalsOf(proofBlob.publicSignals.map(BigInt));
  if (String(inputHash) !== chain.inputHash) throw unrelated();
  const { requestId, payee } = chain;
  // The chain's own checks are the last word on a proof; its points are looked at there.
  const proof = encodeProof(proofBlob.proof as unknown as ProofJson);
  const base = { requestId, proof, payee, outputHash };
  if (chain.delivery === 'commitment') return { ...base, outputWords: [], outputSalt: 0n };
  const { output } = requireStageResult(results, 'infer');
  const { outputWords, outputSalt } = readSchema(OutputBlobSchema, await read(output), 'an output');
  return { ...base, outputWords: outputWords.map(BigInt), outputSalt: BigInt(outputSalt) };
}

function unrelated(): IntegrityError {
  return new IntegrityError({
    code: 'QUEUE_PROOF_UNRELATED',
    what: 'the proof in the blob store is of another input than the request’s',
    hint: 'A defect of a worker: look at its log, then retry the job.',
  });
}
