/** The TypeScript sources of the workspaces, and what they import. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Paths below `root`, with slashes, of a workspace's sources: src/**\/*.ts, declarations included.
 */
export function sourceFiles(root, workspace) {
  return readdirSync(join(root, workspace, 'src'), { recursive: true })
    .map((path) => posix.join(workspace, 'src', path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

/**
 * Every import of a source text, static or dynamic, types included: its specifier and its line
 * (from 1).
 */
export function importsOf(text) {
  const code = blankComments(text);
  const pattern =
    /(?:^|[;}\n])\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/g;
  return [...code.matchAll(pattern)].map((match) => {
    const specifier = match[1] ?? match[2];
    const end = match.index + match[0].length;
    return { specifier, line: code.slice(0, end).split('\n').length };
  });
}

/** The imports of a file below `root`. */
export function importsOfFile(root, path) {
  return importsOf(readFileSync(join(root, path), 'utf8'));
}

/**
 * Comments become blanks, line for line; strings are kept, and what looks like a comment in them.
 */
function blankComments(text) {
  const tokens =
    /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(tokens, (token) =>
    token.startsWith('/*') || token.startsWith('//') ? token.replaceAll(/[^\n]/g, ' ') : token,
  );
}
