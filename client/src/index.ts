/** The public surface of @zkinfer/client. */
export {
  type Clamping,
  type Envelope,
  EnvironmentError,
  InputError,
  IntegrityError,
  type OutputReading,
  type PublicSignals,
  ZkinferError,
} from '@zkinfer/core';
export {
  type JobResult,
  type JobView,
  type ModelDescription,
  modelPin,
  type QuantizedReals,
  type Quote,
  quantizeReals,
  type StoredEnvelope,
} from '@zkinfer/core/service';
export * from './answer/open-output.ts';
export * from './answer/verify.ts';
export * from './chain/chain-client.ts';
export * from './chain/chain-job.ts';
export * from './input/prepare-input.ts';
export * from './job/inference-job.ts';
export * from './job/job-ended-error.ts';
export * from './job/within-time.ts';
export * from './model/open-model.ts';
export * from './service/http-job.ts';
export * from './service/http-transport.ts';
export * from './service/service-client.ts';
