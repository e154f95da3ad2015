/** What needs files: `@zkinfer/core/node`. */
export * from './artifact-directory.ts';
export {
  type AtomicFile,
  type AtomicWriteOptions,
  openAtomicFile,
  removeLeftovers,
  temporaryPathFor,
  writeFileAtomically,
} from './atomic-write.ts';
export * from './file-errors.ts';
export * from './make-folder.ts';
export * from './sha256-file.ts';
