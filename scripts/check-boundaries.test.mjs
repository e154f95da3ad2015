import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { checkBoundaries } from './check-boundaries.mjs';

const MANIFESTS = {
  'core/package.json': '{"dependencies": {"leaf": "1"}, "devDependencies": {"tool": "1"}}',
  'circuits/package.json': '{"dependencies": {"@zkinfer/core": "1"}}',
  'prover/package.json': '{"dependencies": {"@zkinfer/core": "1", "@zkinfer/circuits": "1"}}',
};

/** The violations in a repository of three workspaces with these sources. */
function check(sources, browser = []) {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  const empty = { 'core/src/a.ts': '', 'circuits/src/a.ts': '', 'prover/src/a.ts': '' };
  try {
    for (const [path, text] of Object.entries({ ...MANIFESTS, ...empty, ...sources })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return checkBoundaries(root, ['core', 'circuits', 'prover'], undefined, browser);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('imports along the arrows, of declared packages and of Node are allowed', () => {
  const problems = check({
    'circuits/src/a.ts': "import { x } from '@zkinfer/core';\nimport type { y } from './b.ts';",
    'circuits/src/b.ts': "import fs from 'node:fs';\nexport * from '@zkinfer/core/node';",
    'core/src/a.ts': "import { z } from 'leaf/sub.js';",
    'core/src/a.test.ts': "import 'tool';",
  });
  assert.deepEqual(problems, []);
});

test('an import against the arrows is found, with its file and line', () => {
  const problems = check({ 'core/src/a.ts': "\nimport {\n  x,\n} from '@zkinfer/circuits';" });
  assert.deepEqual(problems, ['core/src/a.ts:4: core must not import @zkinfer/circuits']);
});

test('level 1 does not import level 1, not for types and not dynamically', () => {
  const problems = check({
    'prover/src/a.ts': "import type { x } from '@zkinfer/circuits';",
    'prover/src/b.ts': "const x = await import('@zkinfer/circuits');",
    'prover/src/c.ts': "export type { x } from '@zkinfer/circuits';",
  });
  assert.equal(problems.length, 3);
  assert.ok(problems.every((line) => line.includes('prover must not import @zkinfer/circuits')));
});

test('an import in a comment or in a string is none', () => {
  const problems = check({
    'core/src/a.ts':
      "// import '@zkinfer/cli';\n/* import x\n from '@zkinfer/cli' */\nconst a = \"import '@zkinfer/cli'\";",
  });
  assert.deepEqual(problems, []);
});

test('a relative import may not leave its workspace', () => {
  const [problem] = check({ 'circuits/src/a.ts': "import { x } from '../../core/src/a.ts';" });
  assert.match(problem, /^circuits\/src\/a\.ts:1: .* leaves circuits\/src/);
});

test('a package must be declared, and one for development only serves tests only', () => {
  const problems = check({
    'core/src/a.ts': "import 'tool';",
    'core/src/a.test.ts': "import 'tool';\nimport 'absent';",
  });
  assert.deepEqual(
    problems.map((line) => line.split(' is ')[0]),
    ['core/src/a.test.ts:2: "absent"', 'core/src/a.ts:1: "tool"'],
  );
});

test('a cycle of imports is found', () => {
  const [problem, ...more] = check({
    'core/src/a.ts': "import './b.ts';",
    'core/src/b.ts': "import './c.ts';",
    'core/src/c.ts': "import './b.ts';",
  });
  assert.match(problem, /cycle: core\/src\/b\.ts → core\/src\/c\.ts → core\/src\/b\.ts/);
  assert.deepEqual(more, []);
});

test('what a browser entry reaches must not need Node', () => {
  const sources = {
    'core/src/a.ts': "import './b.ts';",
    'core/src/b.ts': "import 'node:fs';",
    'core/src/c.ts': "import 'node:fs';",
  };
  const [problem, ...more] = check(sources, ['core/src/a.ts']);
  assert.match(problem, /^core\/src\/b\.ts:1: "node:fs" is reached from core\/src\/a\.ts/);
  assert.deepEqual(more, []);
});
