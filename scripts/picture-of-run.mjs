/**
 * Draws what a command printed as a picture for the README:
 *
 *   NO_COLOR=1 npm start | node scripts/picture-of-run.mjs > docs/run.svg
 *
 * Lines of npm and of the build are left out, and what comes after the summary; long lines are
 * wrapped, long tables folded.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const COLUMNS = 112;
const CELL = { width: 8.4, height: 17 };
const MARGIN = 16;
const FOLDED_ROWS = 8;
const KEPT_ROWS = 4;
const COLOURS = { command: '#7ee787', check: '#7ee787', text: '#d1d5db', picture: '#f9fafb' };

/** The SVG of a transcript. */
export function pictureOf(transcript) {
  const [run] = transcript.split('\nWhat to try next\n');
  const lines = folded(run.split('\n').filter(isShown)).flatMap(wrap);
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  const width = Math.ceil(COLUMNS * CELL.width + 2 * MARGIN);
  const height = lines.length * CELL.height + 2 * MARGIN;
  const texts = lines.map((line, i) => textElement(line, MARGIN + (i + 0.8) * CELL.height));
  return `<!-- Generated: NO_COLOR=1 npm start | node scripts/picture-of-run.mjs -->
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>A run of npm start: a digit, the commands, the summary</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
${texts.join('\n')}
</g>
</svg>
`;
}

/** npm's and the build's own lines say nothing about zkinfer. */
function isShown(line) {
  return !/^> |^npm |^(Installed|Built|Installing|Building)\b/.test(line);
}

/** Of a table (its heading underlined) with many rows only the first and the last ones are kept. */
function folded(lines) {
  const rule = lines.findIndex((line) => /^─+ +─/.test(line));
  if (rule === -1) return lines;
  const length = lines.slice(rule + 1).indexOf('');
  const end = length === -1 ? lines.length : rule + 1 + length;
  const rows = lines.slice(rule + 1, end);
  const kept =
    rows.length > FOLDED_ROWS
      ? [...rows.slice(0, KEPT_ROWS), '⋮', ...rows.slice(-KEPT_ROWS)]
      : rows;
  return [...lines.slice(0, rule + 1), ...kept, ...folded(lines.slice(end))];
}

function wrap(line) {
  const text = withoutEscapes(line).trimEnd();
  if (text.length <= COLUMNS) return [text];
  const cut = text.lastIndexOf(' ', COLUMNS);
  const at = cut > 8 ? cut : COLUMNS;
  return [text.slice(0, at), ...wrap(`    ${text.slice(at).trimStart()}`)];
}

function withoutEscapes(line) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal escapes begin with one
  return line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}

function textElement(line, y) {
  if (line === '') return '';
  const width = (line.length * CELL.width).toFixed(1);
  const attributes = `x="${MARGIN}" y="${y.toFixed(1)}" fill="${colourOf(line)}"`;
  return `<text ${attributes} textLength="${width}" lengthAdjust="spacingAndGlyphs">${escapeXml(line)}</text>`;
}

function colourOf(line) {
  if (line.startsWith('$')) return COLOURS.command;
  if (line.startsWith('✓') || line === 'Valid.') return COLOURS.check;
  return /[▀▄█]/.test(line) ? COLOURS.picture : COLOURS.text;
}

function escapeXml(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return text.replace(/[&<>]/g, (character) => entities[character]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(pictureOf(readFileSync(0, 'utf8')));
}
