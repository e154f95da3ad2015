/** What is used of WebAssembly: a global of Node, which its types leave to the browser's. */
declare namespace WebAssembly {
  class Module {
    private constructor();
  }

  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
    /** @throws RangeError when there is no more */
    grow(pages: number): number;
  }

  function compile(bytes: Uint8Array): Promise<Module>;
}
