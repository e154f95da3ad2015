/** The client as an application for browsers would bundle it. */
import { fileURLToPath } from 'node:url';
import { type BuildResult, build, type Metafile } from 'esbuild';

/** JavaScript and what it is made of. */
export interface BrowserBundle {
  readonly code: Uint8Array;
  /** Paths of the modules, from the working directory. */
  readonly modules: readonly string[];
  readonly metafile: Metafile;
}

/** A module of a browser's program, and how it is bundled. */
export interface BundleOptions {
  /** Source of the entry; `./index.js` is the client. */
  readonly entry: string;
  /** Packages that the application brings itself. */
  readonly external?: string[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Bundled and minified for browsers; a module of Node is an error. */
export async function browserBundle({
  entry,
  external = [],
}: BundleOptions): Promise<BrowserBundle> {
  const result: BuildResult<{ write: false; metafile: true }> = await build({
    stdin: { contents: entry, resolveDir: ROOT, loader: 'js' },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
    external,
    logLevel: 'silent',
  });
  const { metafile, outputFiles } = result;
  const [output] = Object.values(metafile.outputs);
  const used = Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { code: outputFiles[0]!.contents, modules: used.map(([path]) => path), metafile };
}
