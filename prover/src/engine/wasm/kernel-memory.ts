import { EnvironmentError } from '@zkinfer/core';

const PAGE_BYTES = 65536;
const MAX_PAGES = 65536;

/** Regions begin at cache lines. */
const ALIGNMENT = 64;

/** Addresses below are constants of the kernels. */
const FIRST_FREE = 16384;

/** Addresses have 32 bits. */
export const MAX_KERNEL_BYTES = MAX_PAGES * PAGE_BYTES;

/** Memory that threads share, handed out from the bottom up and taken back from the top. */
export class KernelMemory {
  readonly memory = createMemory();
  #top = FIRST_FREE;

  /**
   * The address of a new region; its contents are whatever was there.
   * @throws EnvironmentError PROVER_MEMORY_EXHAUSTED
   */
  allocate(bytes: number): number {
    const address = Math.ceil(this.#top / ALIGNMENT) * ALIGNMENT;
    this.#grow(address + bytes);
    this.#top = address + bytes;
    return address;
  }

  /** Bytes that it has grown to. */
  get byteLength(): number {
    return this.memory.buffer.byteLength;
  }

  /** Grows to hold so many bytes behind what is allocated, so that they can be had. @throws as `allocate` */
  reserve(bytes: number): void {
    this.#grow(this.#top + bytes);
  }

  /** Where the next region would begin, to release to. */
  mark(): number {
    return this.#top;
  }

  /** Takes back all regions from a mark on, and overwrites them: they may have held a witness. */
  release(mark: number): void {
    this.bytes(mark, this.#top - mark).fill(0);
    this.#top = mark;
  }

  /** Takes back what lies above an address, and nothing below a mark; it held no secrets. */
  retract(mark: number, end: number): void {
    this.#top = Math.max(mark, end);
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length);
  }

  longs(address: number, length: number): BigInt64Array {
    return new BigInt64Array(this.memory.buffer, address, length);
  }

  #grow(end: number): void {
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE_BYTES);
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch (cause) {
      throw memoryError(end, cause);
    }
  }
}

/** The address space for all of it is taken at once, which a limit of the process may forbid. */
function createMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  } catch (cause) {
    throw memoryError(MAX_KERNEL_BYTES, cause);
  }
}

function memoryError(bytes: number, cause: unknown): EnvironmentError {
  const limit =
    bytes > MAX_KERNEL_BYTES ? `the kernels reach ${MAX_KERNEL_BYTES} bytes` : undefined;
  return new EnvironmentError({
    code: 'PROVER_MEMORY_EXHAUSTED',
    what: 'there is not enough memory for the WebAssembly kernels',
    ...(limit === undefined ? {} : { got: limit }),
    expected: `${bytes} bytes`,
    cause,
  });
}
