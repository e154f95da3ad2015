/** A report as Markdown, and as one HTML file that needs no network. */
import { renderTable, type Table } from '../render-markdown.ts';
import type { StudyRun } from '../study/study-run.ts';
import { formatBytes } from './format-figure.ts';
import { publishedTable } from './published-table.ts';
import { type ReportChart, reportCharts } from './report-charts.ts';
import { reportTables } from './report-tables.ts';
import type { ReportTable } from './table-parts.ts';

const TITLE = 'What a proof costs';

/**
 * Markdown; charts are links to files.
 * @param chartPath where the SVG of a chart of this name will be, seen from the report
 */
export function renderMarkdownReport(
  run: StudyRun,
  chartPath: (name: string) => string,
): { readonly text: string; readonly charts: readonly ReportChart[] } {
  const charts = reportCharts(run);
  const [headline, details] = tablesOf(run);
  const text = [
    `# ${TITLE}`,
    '',
    ...circumstances(run).map((line) => `- ${line}`),
    '',
    ...headline.flatMap(markdownTable),
    ...charts.flatMap(({ name, title, caption }) => [
      `## ${title}`,
      '',
      `![${caption}](${chartPath(name)})`,
      '',
      caption,
      '',
    ]),
    ...details.flatMap(markdownTable),
    ...failureLines(run),
    ...markdownTable(publishedTable()),
  ].join('\n');
  return { text: `${text.trimEnd()}\n`, charts };
}

/** One file: style and pictures inside, no scripts. */
export function renderHtmlReport(run: StudyRun): string {
  const [headline, details] = tablesOf(run);
  const sections = [
    ...headline.map(htmlTable),
    ...reportCharts(run).map(htmlChart),
    ...details.map(htmlTable),
    ...htmlFailures(run),
    htmlTable(publishedTable()),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>zkinfer: ${TITLE.toLowerCase()}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${TITLE}</h1>
<ul class="facts">
${circumstances(run)
  .map((line) => `<li>${escapeHtml(line)}</li>`)
  .join('\n')}
</ul>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

/** What most readers want to know, which charts follow, and all the rest. */
function tablesOf(run: StudyRun): [headline: ReportTable[], details: ReportTable[]] {
  const tables = reportTables(run);
  return run.circuits.length === 0 ? [[], tables] : [tables.slice(0, 1), tables.slice(1)];
}

function circumstances(run: StudyRun): string[] {
  const { machine, versions } = run;
  const memory = formatBytes(machine.memoryBytes);
  const state = run.finishedAt === null ? ', interrupted: what it had is here' : '';
  return [
    `Suite ${run.suite}, begun ${run.startedAt}${state}; ${run.repeat} rounds, interleaved; medians.`,
    `Machine: ${machine.processor}, ${machine.cores} cores, ${memory}, ${machine.system}; ` +
      `${machine.loadBefore.toFixed(1)} processes wanted a core before the run.`,
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    `Again: ${run.command}`,
    ...run.warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function markdownTable({ title, table, notes }: ReportTable): string[] {
  const list = notes.map((note) => `- ${note}`);
  return [`## ${title}`, '', renderTable(table), '', ...(list.length > 0 ? [...list, ''] : [])];
}

function failureLines({ failures }: StudyRun): string[] {
  if (failures.length === 0) return [];
  return ['## Not measured', '', ...failures.map((failure) => `- ${failureText(failure)}`), ''];
}

function htmlFailures({ failures }: StudyRun): string[] {
  if (failures.length === 0) return [];
  const items = failures.map((failure) => `<li>${escapeHtml(failureText(failure))}</li>`);
  return [`<section><h2>Not measured</h2><ul>${items.join('')}</ul></section>`];
}

function failureText({ model, compiler, engine, phase, code, what }: StudyRun['failures'][number]) {
  return `${model}, ${compiler}, ${engine}, ${phase}: ${what} [${code}]`;
}

function htmlTable({ title, table, notes }: ReportTable): string {
  const list = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('');
  return `<section>
<h2>${escapeHtml(title)}</h2>
<div class="wide" tabindex="0" role="region" aria-label="${escapeHtml(title)}">${tableElement(table)}</div>
${list === '' ? '' : `<ul class="notes">${list}</ul>`}
</section>`;
}

function tableElement({ columns, rows }: Table): string {
  const cell = (tag: 'td' | 'th', text: string, i: number) =>
    `<${tag} class="${columns[i]!.align}">${escapeHtml(text)}</${tag}>`;
  const head = columns.map(({ title }, i) => cell('th', title, i)).join('');
  const body = rows.map((row) => `<tr>${row.map((text, i) => cell('td', text, i)).join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

/** As an image by a data URL: the ids and styles of one picture cannot meet another's. */
function htmlChart({ name, title, caption, svg }: ReportChart): string {
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return `<section id="${name}">
<h2>${escapeHtml(title)}</h2>
<figure><img src="${source}" alt="${escapeHtml(`${title}. ${caption}`)}" width="720" height="420">
<figcaption>${escapeHtml(caption)}</figcaption></figure>
</section>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.8rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
.facts, .notes { padding-left: 1.2rem; }
.facts, .notes, figcaption { color: color-mix(in srgb, currentColor 75%, transparent); font-size: .9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); white-space: nowrap; }
.left { text-align: left; } .right { text-align: right; }
figure { margin: 0; } img { max-width: 100%; height: auto; border-radius: .4rem; }
`;
