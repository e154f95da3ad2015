/** A thread that runs kernels. */
import { parentPort, workerData } from 'node:worker_threads';
import { allowRelaxedVectors } from './allow-relaxed-vectors.ts';
import type { KernelRequest, KernelWorkerData, RunRequest } from './kernel-message.ts';
import type { Kernels } from './kernel-module.ts';

allowRelaxedVectors();

const { module, next } = workerData as KernelWorkerData;
const counter = new Int32Array(next);
const instances = new Map<number, Kernels>();

parentPort?.on('message', (request: KernelRequest) => {
  if (request.kind === 'attach') {
    const instance = new WebAssembly.Instance(module, { env: { memory: request.memory } });
    const kernels = instance.exports as unknown as Kernels;
    kernels.setScratch!(request.scratch);
    instances.set(request.memoryId, kernels);
  } else {
    run(request);
    parentPort?.postMessage({ runId: request.runId });
  }
});

function run({ memoryId, tasks }: RunRequest): void {
  const kernels = instances.get(memoryId)!;
  for (;;) {
    const task = tasks[Atomics.add(counter, 0, 1)];
    if (task === undefined) return;
    for (const [name, ...args] of task) kernels[name]!(...args);
  }
}
