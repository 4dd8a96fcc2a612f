import type { Check } from './report'

/** ReportFile is what a report says when it is taken along. */
export type ReportFile = {
  readonly number: number
  readonly title: string
  readonly seq: number
  readonly at: string
  readonly by: string
  readonly verdict: string
  readonly hash: string
  readonly checks: readonly Check[]
}

const cell = (text: string): string => text.replace(/[\\|]/g, (char) => `\\${char}`).replace(/\s+/g, ' ')

/** reportMarkdown writes a report as Markdown: a table of checks, then advice for what did not pass. */
export function reportMarkdown(file: ReportFile): string {
  const advice = file.checks.filter(({ verdict }) => verdict !== 'passed')
  return [
    `# Validation report ${file.seq}: migration ${file.number}`,
    '',
    cell(file.title),
    '',
    `${file.verdict === 'passed' ? 'Passed' : 'Not passed'} at ${file.at}, made by @${file.by}. SHA-256 ${file.hash}.`,
    '',
    '| Check | Verdict | Figures |',
    '|---|---|---|',
    ...file.checks.map((check) => `| ${cell(check.title)} | ${check.verdict} | ${cell(check.words)} |`),
    ...(advice.length === 0
      ? []
      : [
          '',
          '## What to do',
          '',
          ...advice.map((check) => `- **${cell(check.title)}**: ${cell(check.advice)}`),
        ]),
    '',
  ].join('\n')
}
