/** What a module loads, read off the text of its imports: tests of what must not be loaded. */
import { readFileSync } from 'node:fs';

const IMPORT = /^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm;

/**
 * Every module that a module imports, itself included, as addresses; those of Node by their names.
 * Imports that wait until they are needed (`import()`) are left out, and what CommonJS requires.
 * @param isFollowed whether a module's own imports are of interest; all are unless told
 */
export function moduleGraph(
  entry: string,
  isFollowed: (module: string) => boolean = () => true,
): Set<string> {
  const seen = new Set<string>();
  const visit = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    if (!module.startsWith('node:') && isFollowed(module)) importsOf(module).forEach(visit);
  };
  visit(entry);
  return seen;
}

function importsOf(module: string): string[] {
  const text = readFileSync(new URL(module), 'utf8');
  return Array.from(text.matchAll(IMPORT), ([, specifier]) =>
    specifier!.startsWith('.') ? new URL(specifier!, module).href : import.meta.resolve(specifier!),
  );
}
