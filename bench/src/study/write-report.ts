import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@zkinfer/core/node';
import { renderHtmlReport, renderMarkdownReport } from '../report/render-report.ts';
import type { StudyRun } from './study-run.ts';

/** Paths of what was written. */
export interface ReportFiles {
  readonly markdown: string;
  readonly html: string;
}

/**
 * Writes `report.md` with its charts beside it, and `report.html`, which needs nothing else.
 * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED
 */
export async function writeReport(folder: string, run: StudyRun): Promise<ReportFiles> {
  const charts = join(folder, 'charts');
  await mkdir(charts, { recursive: true });
  const markdown = renderMarkdownReport(run, (name) => `charts/${name}.svg`);
  for (const { name, svg } of markdown.charts) {
    await writeFileAtomically(join(charts, `${name}.svg`), svg);
  }
  const files = { markdown: join(folder, 'report.md'), html: join(folder, 'report.html') };
  await writeFileAtomically(files.markdown, markdown.text);
  await writeFileAtomically(files.html, renderHtmlReport(run));
  return files;
}
