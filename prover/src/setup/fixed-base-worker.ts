/** A thread that multiplies generators by scalars; started by `FixedBasePool`. */
import { parentPort, workerData } from 'node:worker_threads';
import { createBigintKernel } from '../curve/fixed-base-kernel.ts';
import type {
  FixedBaseRequest,
  FixedBaseResponse,
  FixedBaseWorkerData,
} from './fixed-base-message.ts';

const kernel = createBigintKernel((workerData as FixedBaseWorkerData).windowBits);

parentPort?.on('message', ({ id, group, scalars }: FixedBaseRequest) => {
  const points = kernel(group, scalars) as Uint8Array<ArrayBuffer>;
  const response: FixedBaseResponse = { id, points };
  parentPort?.postMessage(response, [points.buffer]);
});
