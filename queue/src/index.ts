/** The public surface of @zkinfer/queue. */

export * from './admission/cost-model.ts';
export * from './admission/decide-admission.ts';
export * from './admission/prices.ts';
export {
  API_KEY_ROLES,
  type ApiKey,
  type ApiKeyRole,
  webhookSecretOf,
} from './api-keys/api-key.ts';
export * from './api-keys/api-key-file.ts';
export * from './api-keys/api-keys.ts';
export type { ArtifactServerOptions } from './artifacts/artifact-server.ts';
export * from './artifacts/blob-store.ts';
export * from './artifacts/directory-blob-store.ts';
export * from './artifacts/directory-model-store.ts';
export * from './artifacts/http-blob-store.ts';
export * from './artifacts/http-model-store.ts';
export type * from './artifacts/model-store.ts';
export * from './backend/bullmq-backend.ts';
export * from './backend/in-process-backend.ts';
export * from './backend/inspect-redis.ts';
export * from './backend/job-backend.ts';
export * from './chain/chain-follower.ts';
export * from './chain/chain-node.ts';
export * from './chain/endpoint-selector.ts';
export * from './chain/finality.ts';
export type { Intent, IntentStatus } from './chain/intent.ts';
export * from './chain/open-service-signer.ts';
export * from './chain/rpc-chain-node.ts';
export * from './chain/sending-policy.ts';
export type {
  TransactionInclusion,
  TransactionState,
} from './chain/transaction-record.ts';
export * from './chain/transaction-sender.ts';
export * from './dashboard/dashboard-directory.ts';
export * from './fetch-url/url-fetcher.ts';
export * from './http/http-limits.ts';
export * from './http/http-service.ts';
export type * from './http/service-ports.ts';
export * from './inputs/envelope-from-reals.ts';
export * from './inputs/envelope-shelf.ts';
export * from './inputs/fetch-input.ts';
export * from './jobs/classify-error.ts';
export * from './jobs/dispatcher.ts';
export * from './jobs/inference-request.ts';
export * from './jobs/job-ids.ts';
export * from './jobs/job-priority.ts';
export {
  JOB_STATUSES,
  type JobEvent,
  type JobOutcome,
  type JobRecord,
  type JobStatus,
  OUTCOME_CODES,
  type OutcomeKind,
  statusOf,
} from './jobs/job-record.ts';
export * from './jobs/pipeline.ts';
export * from './jobs/reports.ts';
export * from './jobs/stage-results.ts';
export * from './jobs/stage-task.ts';
export * from './jobs/stage-worker.ts';
export * from './jobs/stages.ts';
export type { JobSubmission } from './jobs/transition.ts';
export * from './json-value.ts';
export * from './models/describe-model.ts';
export * from './models/served-models.ts';
export { signerSourceOf } from './service/chain-config.ts';
export * from './service/data-layout.ts';
export * from './service/load-service-config.ts';
export * from './service/open-service.ts';
export * from './service/percentile.ts';
export type { ServiceConfig } from './service/service-config.ts';
export * from './service/service-logger.ts';
export * from './settlement/chain-handlers.ts';
export * from './settlement/chain-service.ts';
export type { ModelPolicy, ProvableModel } from './settlement/registered-models.ts';
export type {
  RequestFulfilment,
  RequestRecord,
  RequestState,
} from './settlement/request-record.ts';
export * from './settlement/settlement-policy.ts';
export * from './store/leases.ts';
export * from './store/level-store.ts';
export * from './store/records.ts';
export * from './store/store.ts';
export * from './webhooks/webhook-signature.ts';
export * from './worker/inference-worker.ts';
export { consumeWorkerStatus } from './worker/worker-heartbeat.ts';
export * from './worker/worker-id.ts';
