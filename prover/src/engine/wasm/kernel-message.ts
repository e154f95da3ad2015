/** What passes between a pool of kernel threads and its threads. */
import type { KernelArgument } from './kernel-module.ts';

/** A kernel's name and arguments. */
export type KernelCall = readonly [name: string, ...args: readonly KernelArgument[]];

/** Calls that one thread makes in order. */
export type KernelTask = readonly KernelCall[];

/** Given to a thread when it starts. */
export interface KernelWorkerData {
  readonly module: WebAssembly.Module;
  /** One 32-bit counter: the next task. */
  readonly next: SharedArrayBuffer;
}

/** Makes a thread use a memory under a number, its own region being at `scratch`. */
export interface AttachRequest {
  readonly kind: 'attach';
  readonly memoryId: number;
  readonly memory: WebAssembly.Memory;
  readonly scratch: number;
}

/** Makes a thread take tasks until none is left. */
export interface RunRequest {
  readonly kind: 'run';
  readonly runId: number;
  readonly memoryId: number;
  readonly tasks: readonly KernelTask[];
}

export type KernelRequest = AttachRequest | RunRequest;

/** A thread has found no task left. */
export interface RunResponse {
  readonly runId: number;
}
