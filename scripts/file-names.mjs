/**
 * How files and folders of ours are named: kebab-case, with the endings that say what a file is;
 * Solidity sources as the contract in them.
 */
import { spawnSync } from 'node:child_process';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

/** Solidity names a file after the contract in it, a test after the contract and what it tests of it. */
const SOLIDITY = /^[A-Z][A-Za-z0-9]*((\.[a-z0-9]+(-[a-z0-9]+)*)?\.t)?\.sol$/;

/** Names that tools and readers expect as they are. */
const CUSTOMARY =
  /^((README|ARCHITECTURE|CONVENTIONS|CHANGELOG|LICENSE|NOTICE)(\.md)?|Caddyfile|[a-z-]+@\.service)$/;

/** Words that say nothing about what is in a file. */
const EMPTY_NAMES = /^(utils?|helpers?|common|misc)$/;

/**
 * Complaints about paths, one line each; names that begin with a dot are left to the tools that
 * want them.
 */
export function checkFileNames(paths) {
  return paths.flatMap((path) => {
    const wrong = path.split('/').find((part) => !isGoodName(part));
    return wrong === undefined
      ? []
      : [`${path}: "${wrong}" should be kebab-case and say what it holds`];
  });
}

/** Paths below `root` that git tracks or would add. */
export function repositoryFiles(root) {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return [...new Set(stdout.split('\0').filter((path) => path !== ''))].sort();
}

function isGoodName(part) {
  if (part.startsWith('.') || CUSTOMARY.test(part) || SOLIDITY.test(part)) return true;
  return KEBAB.test(part) && !EMPTY_NAMES.test(part.split('.')[0]);
}
